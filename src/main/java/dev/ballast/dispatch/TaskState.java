package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.Backend;
import dev.ballast.model.Outcome;
import dev.ballast.model.WorkerId;
import java.time.Instant;

/** Where a task is in its life. */
public sealed interface TaskState {
  /**
   * In the queue.
   *
   * @param since it may be placed from then on; in the future while it backs off
   */
  record Waiting(Instant since) implements TaskState {}

  /** Assigned, and not known to have started: can be taken back. */
  record Bound(AttemptId attempt, WorkerId worker, Backend backend, Instant at)
      implements TaskState {}

  /** Started: only its end, its job's end or the loss of its worker ends this. */
  record Running(
      AttemptId attempt, WorkerId worker, Backend backend, Instant boundAt, Instant startedAt)
      implements TaskState {}

  /** Ended by its last attempt. */
  record Done(AttemptId attempt, Outcome outcome) implements TaskState {}

  /** Its job ended before it did. */
  record Dropped() implements TaskState {}
}
