package dev.ballast.cli.command;

/** A command that needs the service: HTTP, worker protocol, metrics. */
public interface ServedCommand {
  /**
   * Checks the input and sets the service up, before it is booted; throws {@link CommandException}
   * when the command can't run.
   */
  void prepare();

  /** Does the work; the service is up. Returns an exit code. */
  int serve();
}
