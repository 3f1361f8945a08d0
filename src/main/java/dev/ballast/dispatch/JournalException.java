package dev.ballast.dispatch;

/** Events could not be made durable; nothing that depends on them may be acknowledged. */
public class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JournalException(String message, Throwable cause) {
    super(message, cause);
  }
}
