package dev.ballast.store;

/** The data directory cannot be used. The message says why, and what mends it. */
public class DataDirectoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why it cannot be used. */
  public enum Problem {
    NOT_A_DIRECTORY,
    NOT_WRITABLE,
    FULL,
    IN_USE,
    DAMAGED,
    NEWER,
    NO_LIBRARY
  }

  private final Problem problem;
  private final String advice;

  DataDirectoryException(Problem problem, String message, String advice) {
    super(message + ". " + advice);
    this.problem = problem;
    this.advice = advice;
  }

  DataDirectoryException(Problem problem, String message, String advice, Throwable cause) {
    super(message + ". " + advice, cause);
    this.problem = problem;
    this.advice = advice;
  }

  public Problem problem() {
    return problem;
  }

  /** The mending part of the message alone. */
  public String advice() {
    return advice;
  }
}
