package dev.ballast.worker.bidi;

import java.time.Duration;

/** A command had no answer, or was refused. */
public abstract sealed class BidiException extends Exception {
  private static final long serialVersionUID = 1L;

  private BidiException(String message) {
    super(message);
  }

  /** The other side refused the command with one of the protocol's error codes. */
  public static final class Refused extends BidiException {
    private static final long serialVersionUID = 1L;

    private final String code;

    Refused(String method, String code, String message) {
      super("%s was refused: %s (%s)".formatted(method, code, message));
      this.code = code;
    }

    /** For example {@code no such frame}. */
    public String code() {
      return code;
    }
  }

  /** No answer came in time; one that comes later is dropped. */
  public static final class TimedOut extends BidiException {
    private static final long serialVersionUID = 1L;

    TimedOut(String method, Duration timeout) {
      super("%s was not answered within %d ms".formatted(method, timeout.toMillis()));
    }
  }

  /** The connection could not be made, or ended. */
  public static final class Closed extends BidiException {
    private static final long serialVersionUID = 1L;

    Closed(String what, String reason) {
      super("%s: %s".formatted(what, reason));
    }
  }
}
