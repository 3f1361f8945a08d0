package dev.ballast.dispatch;

import dev.ballast.balancer.WaitReason;
import dev.ballast.model.JobSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job at one moment.
 *
 * @param spec as it is now: with its present parallelism, priority and suspension
 * @param reason why it ended, as the reason of its condition, for example {@code DeadlineExceeded}
 * @param tasks by index; empty in an overview
 */
public record JobView(
    String uid,
    JobSpec spec,
    JobState state,
    Counts counts,
    Instant acceptedAt,
    Optional<Instant> endedAt,
    Optional<String> reason,
    Optional<String> message,
    List<TaskView> tasks) {
  public JobView {
    tasks = List.copyOf(tasks);
  }

  /**
   * How many tasks are where.
   *
   * @param waiting all that wait, {@code unplaceable} and {@code backingOff} among them
   * @param unplaceable no browser of the fleet can run them as they are
   * @param dropped their job ended first
   */
  public record Counts(
      int waiting,
      int unplaceable,
      int backingOff,
      int bound,
      int running,
      int succeeded,
      int failed,
      int dropped) {

    /** Nothing of the job can go on until another browser joins. */
    public boolean onlyUnplaceableRemain() {
      return unplaceable > 0 && unplaceable == waiting && bound == 0 && running == 0;
    }
  }

  /**
   * One task.
   *
   * @param attempts how many were made, the present one included
   * @param waitReason why it waits, if it does
   */
  public record TaskView(
      int index, TaskState state, int attempts, Optional<WaitReason> waitReason) {}
}
