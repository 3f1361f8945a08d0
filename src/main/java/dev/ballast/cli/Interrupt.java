package dev.ballast.cli;

import java.util.concurrent.CompletableFuture;
import sun.misc.Signal;

/** Ctrl-C and SIGTERM, as something a command can wait for: it then ends in good order, and what was done is kept. */
final class Interrupt {
  private final CompletableFuture<Void> asked = new CompletableFuture<>();

  private Interrupt() {}

  /** From now on these signals are ours; a second one ends the process at once. */
  static Interrupt watch() {
    Interrupt interrupt = new Interrupt();
    for (String name : new String[] {"INT", "TERM"}) {
      Signal.handle(
          new Signal(name),
          _ -> {
            if (!interrupt.asked.complete(null)) {
              Runtime.getRuntime().halt(Exit.INTERRUPTED);
            }
          });
    }
    return interrupt;
  }

  boolean happened() {
    return asked.isDone();
  }

  CompletableFuture<Void> asked() {
    return asked;
  }
}
