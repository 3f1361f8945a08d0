package dev.ballast.dispatch;

import dev.ballast.dispatch.DispatchSettings.BreakerSettings;
import dev.ballast.model.AttemptId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker over a window of attempts, as in MicroProfile Fault Tolerance: closed → open
 * when too many of the window failed → half-open after a delay, for one real task → closed or open
 * by how that ends.
 */
final class Breaker {
  /** What callers see. */
  enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /** What the end of an attempt says of the browser. */
  enum Sign {
    SOUND,
    SICK,
    /** Neither: the user's own code failed, or the attempt was taken back. */
    NEUTRAL
  }

  private final BreakerSettings settings;
  private final Deque<Boolean> failures = new ArrayDeque<>();
  private State state = State.CLOSED;
  private @Nullable Instant reopensAt;
  private @Nullable AttemptId probe;

  Breaker(BreakerSettings settings) {
    this.settings = settings;
  }

  State state(Instant now) {
    if (state == State.OPEN && reopensAt != null && !now.isBefore(reopensAt)) {
      state = State.HALF_OPEN;
      probe = null;
    }
    return state;
  }

  boolean admits(Instant now) {
    return switch (state(now)) {
      case CLOSED -> true;
      case OPEN -> false;
      case HALF_OPEN -> probe == null;
    };
  }

  /** When an open breaker lets one task try. */
  Optional<Instant> reopensAt() {
    return state == State.OPEN ? Optional.ofNullable(reopensAt) : Optional.empty();
  }

  /** An attempt was bound; returns whether that changed what is admitted. */
  boolean bound(AttemptId attempt, Instant now) {
    if (state(now) == State.HALF_OPEN && probe == null) {
      probe = attempt;
      return true;
    }
    return false;
  }

  /** An attempt ended; returns whether that changed what is admitted. */
  boolean ended(AttemptId attempt, Sign sign, Instant now) {
    return switch (state(now)) {
      case CLOSED -> sign != Sign.NEUTRAL && count(sign == Sign.SICK, now);
      // A straggler from before it opened says nothing new.
      case OPEN -> false;
      case HALF_OPEN -> attempt.equals(probe) && judge(sign, now);
    };
  }

  private boolean count(boolean failed, Instant now) {
    failures.addLast(failed);
    if (failures.size() > settings.requestVolumeThreshold()) {
      failures.removeFirst();
    }
    long failedCount = failures.stream().filter(failure -> failure).count();
    if (failures.size() == settings.requestVolumeThreshold()
        && failedCount >= settings.failureRatio() * failures.size()) {
      open(now);
      return true;
    }
    return false;
  }

  private boolean judge(Sign sign, Instant now) {
    probe = null;
    switch (sign) {
      case SOUND -> {
        state = State.CLOSED;
        failures.clear();
      }
      case SICK -> open(now);
      case NEUTRAL -> {
        // The next task is the probe.
      }
    }
    return true;
  }

  private void open(Instant now) {
    state = State.OPEN;
    reopensAt = now.plus(settings.delay());
    failures.clear();
  }
}
