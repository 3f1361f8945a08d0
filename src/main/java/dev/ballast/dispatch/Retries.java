package dev.ballast.dispatch;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Whether, and when, a task is tried again. */
final class Retries {
  /** Code of the last result of a task that was stopped because workers were lost with it. */
  static final String POISON = "poison-task";

  /** Code of a loss that says nothing of the task: its worker was draining, and ran out of time. */
  static final String DRAINED = "drain-timeout";

  private final DispatchSettings settings;
  private final RandomGenerator random;

  Retries(DispatchSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /** When the task is due again; empty when the result is its last. */
  Optional<Instant> retryAt(TaskRecord task, AttemptResult result, Instant now) {
    Outcome outcome = result.outcome();
    if (outcome == Outcome.SUCCEEDED || POISON.equals(result.code())) {
      return Optional.empty();
    }
    if (!counts(outcome)) {
      return Optional.of(now);
    }
    return task.retriesAfterFailure()
        ? Optional.of(now.plus(backoff(task.failures)))
        : Optional.empty();
  }

  /** Doubles with each failure; half of it is random, so that tasks that failed together part. */
  private Duration backoff(int earlierFailures) {
    double full =
        Math.min(
            (double) settings.backoffMax().toMillis(),
            settings.backoffBase().toMillis() * Math.pow(2, earlierFailures));
    return Duration.ofMillis(Math.round(full / 2 + full / 2 * random.nextDouble()));
  }

  /** Whether one more lost worker is one too many. */
  boolean isPoison(TaskRecord task) {
    return task.losses + 1 >= settings.poisonLosses();
  }

  /**
   * A lost worker counts against no limit of the user's, but a task that takes one worker after the
   * other down must end.
   */
  static boolean countsAsLoss(AttemptResult result) {
    return result.outcome() == Outcome.WORKER_LOST && !DRAINED.equals(result.code());
  }

  /** A worker that was lost, or an attempt that was stopped, says nothing against the task. */
  static boolean counts(Outcome outcome) {
    return switch (outcome) {
      case FAILED, TIMED_OUT, CRASHED, HUNG, OUT_OF_MEMORY, DEVICE_LOST -> true;
      case SUCCEEDED, WORKER_LOST, CANCELLED -> false;
    };
  }
}
