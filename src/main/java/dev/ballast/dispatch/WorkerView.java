package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A worker at one moment.
 *
 * @param request what it last told of itself; absent while it is known from the journal only
 * @param breaker {@code closed}, {@code open} or {@code half-open}
 */
public record WorkerView(
    WorkerId id,
    State state,
    Instant lastSeen,
    Optional<SyncRequest> request,
    List<AttemptId> bound,
    List<AttemptId> running,
    String breaker) {
  public WorkerView {
    bound = List.copyOf(bound);
    running = List.copyOf(running);
  }

  /** Whether it takes tasks. */
  public enum State {
    READY,
    DRAINING,
    LOST
  }
}
