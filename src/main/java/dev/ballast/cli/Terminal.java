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
}
