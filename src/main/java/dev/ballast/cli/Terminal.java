package dev.ballast.cli;

import java.io.Console;
import java.util.Optional;

/** Whether a person looks on. */
final class Terminal {
  private Terminal() {}

  /** Both stdin and stdout are a terminal. */
  static boolean present() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** How wide it is, or 100. */
  static int columns() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("\\d{2,4}") ? Integer.parseInt(columns) : 100;
  }
}
