package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.JobSpec;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What happened, durably. State is nothing but the sum of these. */
public sealed interface Event {
  /** When, by the controller's clock. */
  Instant at();

  /** A job was accepted; {@code uid} names this run of it. */
  record JobAccepted(String uid, JobSpec job, Instant at) implements Event {}

  /** Tasks that had ended before the journal was lost; what they measured is gone. */
  record TasksRecalled(String uid, List<Integer> succeeded, List<Integer> failed, Instant at)
      implements Event {
    public TasksRecalled {
      succeeded = List.copyOf(succeeded);
      failed = List.copyOf(failed);
    }
  }

  /** A task was placed. Kept so that an attempt's number is never used twice. */
  record AttemptBound(AttemptId attempt, WorkerId worker, Backend backend, Instant at)
      implements Event {}

  /** A bound attempt was taken back before it started; the task waits again. */
  record AttemptReturned(AttemptId attempt, Instant at) implements Event {}

  /**
   * An attempt ended.
   *
   * @param retryAt set when the task will be tried again
   * @param outgrownBytes memory of the browser that was too small for it, where that is known
   */
  record AttemptEnded(
      AttemptResult result, Optional<Instant> retryAt, OptionalLong outgrownBytes, Instant at)
      implements Event {
    public AttemptEnded(AttemptResult result, Optional<Instant> retryAt, Instant at) {
      this(result, retryAt, OptionalLong.empty(), at);
    }
  }

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

  /** An ended job is no longer kept in memory; its results stay in the history. */
  record JobForgotten(String uid, Instant at) implements Event {}

  /**
   * A job as it stood when a snapshot was taken; its tasks follow as {@link TasksRestored}.
   *
   * @param activeSince its deadline counts from then
   * @param firstBoundAt when its first task was placed
   * @param flagged succeeded tasks whose measurement is flagged
   * @param rejected succeeded tasks whose measurement is rejected
   * @param recalled ended tasks whose measurements are lost
   */
  record JobRestored(
      String uid,
      JobSpec job,
      Instant acceptedAt,
      Instant activeSince,
      boolean everBound,
      Optional<Instant> firstBoundAt,
      int flagged,
      int rejected,
      int recalled,
      Optional<JobEnded> end,
      Instant at)
      implements Event {}

  /** Tasks of a job as they stood when a snapshot was taken. */
  record TasksRestored(String uid, List<TaskRun> tasks, Instant at) implements Event {
    public TasksRestored {
      tasks = List.copyOf(tasks);
    }
  }

  /** How a job ended. */
  enum JobEnd {
    COMPLETE,
    FAILED,
    CANCELLED
  }
}
