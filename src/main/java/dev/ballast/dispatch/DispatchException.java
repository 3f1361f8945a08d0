package dev.ballast.dispatch;

import java.util.Locale;

/** A command that was refused, with a code that callers can act on. */
public class DispatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Code code;

  /** Why. */
  public enum Code {
    /** An unfinished job has that namespace and name. */
    JOB_UNFINISHED,
    /** No job has that uid, or no unfinished one that name. */
    NO_SUCH_JOB,
    NO_SUCH_WORKER,
    /** The attempt is not bound: it runs, has ended, or was taken back. */
    NOT_BOUND,
    /** The job has ended; nothing of it can change. */
    JOB_ENDED,
    /** A newer exchange of that worker was seen, or it was restarted since. */
    STALE_SYNC,
    /** Another controller has taken over since: this one must not be listened to. */
    DEPOSED,
    /** The journal cannot be written now; the same command may succeed later. */
    NOT_READY,
    /** The loop was closed. */
    CLOSED;

    /** The name used in problem documents, for example {@code job-unfinished}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public DispatchException(Code code, String message) {
    super(message);
    this.code = code;
  }

  public DispatchException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
