package dev.ballast.worker;

import dev.ballast.model.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to call one attempt off, whatever it does at that moment: it may wait for its browser,
 * for a download or for the machine's turn long before it has a page to talk to.
 */
final class CallOff {
  private final CompletableFuture<Void> asked = new CompletableFuture<>();
  private @Nullable Thread waiting;
  private boolean interrupted;

  /** What may take long, and ends when its thread is interrupted. */
  interface Step<T> {
    T take() throws AttemptFailure, InterruptedException;
  }

  /** Calls the attempt off; again does nothing more. */
  void ask() {
    asked.complete(null);
    interrupt();
  }

  /** Runs {@code action} when the attempt is called off, at once if it is. */
  void whenAsked(Runnable action) {
    var _ = asked.thenRun(action);
  }

  /** Fails as cancelled when the attempt was called off. */
  void check() throws AttemptFailure {
    if (asked.isDone()) {
      throw new AttemptFailure(Outcome.CANCELLED, "cancelled", "called off by the controller");
    }
  }

  /** Takes a step that is left, with an interrupt, when the attempt is called off. */
  <T> T leavable(Step<T> step) throws AttemptFailure, InterruptedException {
    enter();
    try {
      return step.take();
    } catch (AttemptFailure | InterruptedException | RuntimeException e) {
      check();
      throw e;
    } finally {
      leave();
    }
  }

  /** As above; also left, with {@code late}, when it takes longer than {@code patience}. */
  <T> T leavable(Duration patience, AttemptFailure late, Step<T> step)
      throws AttemptFailure, InterruptedException {
    var alarm = new CompletableFuture<Void>();
    return leavable(() -> {
      var _ =
          alarm
              .completeOnTimeout(null, Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS)
              .thenRun(this::interrupt);
      try {
        return step.take();
      } catch (AttemptFailure | InterruptedException | RuntimeException e) {
        check();
        if (alarm.isDone()) {
          throw late;
        }
        throw e;
      } finally {
        alarm.cancel(false);
        leave();
      }
    });
  }

  private synchronized void enter() throws AttemptFailure {
    check();
    waiting = Thread.currentThread();
  }

  private synchronized void interrupt() {
    if (waiting != null) {
      waiting.interrupt();
      interrupted = true;
    }
  }

  /** An interrupt that came from here must not reach what follows. */
  private synchronized void leave() {
    waiting = null;
    if (interrupted) {
      Thread.interrupted();
      interrupted = false;
    }
  }
}
