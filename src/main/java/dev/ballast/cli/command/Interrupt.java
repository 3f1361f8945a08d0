package dev.ballast.cli.command;

import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/**
 * Ctrl-C and SIGTERM, as something a command can wait for: it then ends in good order, and what was
 * done is kept.
 *
 * <p>{@code sun.misc.Signal} is the JDK's only way to that. It is reached by reflection, because
 * javac warns of it in a way that no suppression mutes.
 */
public final class Interrupt {
  private final CompletableFuture<Void> asked = new CompletableFuture<>();

  private Interrupt() {}

  /** From now on these signals are ours; a second one ends the process at once. */
  public static Interrupt watch() {
    Interrupt interrupt = new Interrupt();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object handling =
          Proxy.newProxyInstance(
              Interrupt.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      interrupt.received();
                      yield null;
                    }
                    case "equals" -> self.equals(arguments[0]);
                    case "hashCode" -> System.identityHashCode(self);
                    default -> method.getName();
                  });
      for (String name : new String[] {"INT", "TERM"}) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
      }
    } catch (ReflectiveOperationException e) {
      System.getLogger(Interrupt.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "this JVM lets nobody wait for Ctrl-C; it ends the run at once",
              e);
    }
    return interrupt;
  }

  /** One that never happens: this process keeps its signals. */
  public static Interrupt never() {
    return new Interrupt();
  }

  private void received() {
    if (!asked.complete(null)) {
      Runtime.getRuntime().halt(Exit.INTERRUPTED);
    }
  }

  /** Runs {@code action} when it happens, at once if it has. */
  public void onAsked(Runnable action) {
    asked.whenComplete((_, _) -> action.run()).isDone();
  }

  public boolean happened() {
    return asked.isDone();
  }

  public CompletableFuture<Void> asked() {
    return asked;
  }
}
