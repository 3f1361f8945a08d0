package dev.ballast.server;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Whom the service answers: this machine only, until a guard is posted. */
@ApplicationScoped
public class Door {
  private final AtomicReference<@Nullable Guard> guard = new AtomicReference<>();

  /** From now on every request is judged by {@code posted}, from wherever it comes. */
  public void post(Guard posted) {
    guard.set(posted);
  }

  Optional<Guard> guard() {
    return Optional.ofNullable(guard.get());
  }
}
