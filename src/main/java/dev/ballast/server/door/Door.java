package dev.ballast.server.door;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whom the service answers: this machine only, until a guard is posted. Where one was announced
 * before the service began to listen, nobody is answered before it stands there.
 */
@ApplicationScoped
public class Door {
  private static final String ANNOUNCED = "ballast.guarded";

  private final AtomicReference<@Nullable Guard> guard = new AtomicReference<>();

  /** Before the service is booted: a guard will be posted. */
  public static void announceGuard() {
    System.setProperty(ANNOUNCED, "true");
  }

  /** From now on every request is judged by {@code posted}, from wherever it comes. */
  public void post(Guard posted) {
    guard.set(posted);
  }

  /** From now on this machine alone is answered, if no guard was announced. */
  public void dismiss() {
    guard.set(null);
  }

  Optional<Guard> guard() {
    Guard posted = guard.get();
    if (posted == null && Boolean.getBoolean(ANNOUNCED)) {
      return Optional.of((_, _, _) ->
          Optional.of(
              new Guard.Refusal(
                  Guard.Refusal.UNAVAILABLE, "not-ready", "this service is only just starting")));
    }
    return Optional.ofNullable(posted);
  }
}
