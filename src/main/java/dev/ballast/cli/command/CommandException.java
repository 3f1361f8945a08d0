package dev.ballast.cli.command;

import java.util.List;

/**
 * A command cannot go on. Each message is one line for a person; {@code exitCode} is one of {@link
 * Exit}.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final transient List<String> lines;

  private CommandException(int exitCode, List<String> lines) {
    super(String.join("\n", lines));
    this.exitCode = exitCode;
    this.lines = List.copyOf(lines);
  }

  /** The input is wrong. */
  public static CommandException usage(List<String> lines) {
    return new CommandException(Exit.USAGE, lines);
  }

  public static CommandException usage(String line) {
    return usage(List.of(line));
  }

  /** The machine lacks something; say what mends it. */
  public static CommandException environment(String line) {
    return new CommandException(Exit.ENVIRONMENT, List.of(line));
  }

  public int exitCode() {
    return exitCode;
  }

  public List<String> lines() {
    return lines;
  }
}
