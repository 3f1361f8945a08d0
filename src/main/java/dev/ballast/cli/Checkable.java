package dev.ballast.cli;

/** A command that can be asked to check its input only; it then needs no service. */
interface Checkable {
  boolean onlyChecks();

  /** Checks; returns an exit code, or throws {@link CommandException}. */
  int check();
}
