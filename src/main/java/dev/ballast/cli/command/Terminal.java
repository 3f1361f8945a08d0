package dev.ballast.cli.command;

import dev.ballast.cli.report.ProgressDisplay;
import dev.ballast.cli.report.ProgressFrame;
import dev.ballast.cli.report.Style;
import java.io.Console;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a person looks on. */
public final class Terminal {
  private Terminal() {}

  /** Both stdin and stdout are a terminal. */
  public static boolean present() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** Progress on stderr, drawn from {@code frame}; none unless it is to be shown. */
  public static Optional<ProgressDisplay> progress(boolean shown, Supplier<ProgressFrame> frame) {
    boolean terminal = present();
    return shown
        ? Optional.of(
            ProgressDisplay.start(
                System.err, terminal, columns(), Style.of(terminal, System.getenv()), frame))
        : Optional.empty();
  }

  /** How wide it is, or 100. */
  private static int columns() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("\\d{2,4}") ? Integer.parseInt(columns) : 100;
  }
}
