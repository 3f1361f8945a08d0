package dev.ballast.worker;

import java.io.IOException;

/** The controller has heard of a later exchange, or of what it takes for a later life of us. */
public final class StaleExchangeException extends IOException {
  private static final long serialVersionUID = 1L;

  public StaleExchangeException(String message) {
    super(message);
  }
}
