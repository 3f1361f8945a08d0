package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.JobSpec;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.Optional;

/** What happened, durably. State is nothing but the sum of these. */
public sealed interface Event {
  /** When, by the controller's clock. */
  Instant at();

  /** A job was accepted; {@code uid} names this run of it. */
  record JobAccepted(String uid, JobSpec job, Instant at) implements Event {}

  /** A task was placed. Kept so that an attempt's number is never used twice. */
  record AttemptBound(AttemptId attempt, WorkerId worker, Backend backend, Instant at)
      implements Event {}

  /** A bound attempt was taken back before it started; the task waits again. */
  record AttemptReturned(AttemptId attempt, Instant at) implements Event {}

  /** An attempt ended; {@code retryAt} is set when the task will be tried again. */
  record AttemptEnded(AttemptResult result, Optional<Instant> retryAt, Instant at)
      implements Event {}

  /** A job was suspended or resumed, or its parallelism or priority changed. */
  record JobChanged(
      String uid, boolean suspend, Optional<Integer> parallelism, int priority, Instant at)
      implements Event {}

  /**
   * A job came to its end. {@code reason} is the condition's reason, for example {@code
   * CompletionsReached}.
   */
  record JobEnded(String uid, JobEnd end, String reason, String message, Instant at)
      implements Event {}

  /** How a job ended. */
  enum JobEnd {
    COMPLETE,
    FAILED,
    CANCELLED
  }
}
