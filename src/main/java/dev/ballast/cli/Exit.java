package dev.ballast.cli;

/** Exit codes of the command line. */
final class Exit {
  /** Everything succeeded. */
  static final int OK = 0;

  /** Some task failed or was rejected. */
  static final int FAILED = 1;

  /** Invalid input or usage. */
  static final int USAGE = 2;

  /** The environment lacks something; the message says how to mend it. */
  static final int ENVIRONMENT = 3;

  /** Interrupted; what was done is kept. */
  static final int INTERRUPTED = 130;

  private Exit() {}
}
