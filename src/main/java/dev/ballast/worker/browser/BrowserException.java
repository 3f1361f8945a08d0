package dev.ballast.worker.browser;

import dev.ballast.worker.bidi.BidiException;

/**
 * A browser did not do what was asked: the message says which command, which browser, and what it
 * answered.
 */
public class BrowserException extends Exception {
  private static final long serialVersionUID = 1L;

  public BrowserException(String message) {
    super(message);
  }

  public BrowserException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether the browser was asked and gave no answer in time, rather than a wrong one. */
  public boolean timedOut() {
    return getCause() instanceof BidiException.TimedOut;
  }
}
