package dev.ballast.cli.history;

import dev.ballast.cli.command.ServedCommand;

/** A command that with some options needs no service of this process. */
public interface MaybeServed extends ServedCommand {
  /** Whether, with the options it was given, {@link #runAlone} does. */
  boolean alone();

  /** Does the work without a service; returns an exit code. */
  int runAlone();
}
