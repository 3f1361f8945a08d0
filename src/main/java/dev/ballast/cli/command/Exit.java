package dev.ballast.cli.command;

/** Exit codes of the command line. */
public final class Exit {
  /** Everything succeeded. */
  public static final int OK = 0;

  /** Some task failed or was rejected. */
  public static final int FAILED = 1;

  /** Invalid input or usage. */
  public static final int USAGE = 2;

  /** The environment lacks something; the message says how to mend it. */
  public static final int ENVIRONMENT = 3;

  /** Interrupted; what was done is kept. */
  public static final int INTERRUPTED = 130;

  private Exit() {}
}
