package dev.ballast.simulate.torture;

/** A run did what must never happen. */
public final class BrokenPromiseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenPromiseException(String promise) {
    super(promise);
  }
}
