package dev.ballast.dispatch;

import dev.ballast.model.Backend;
import dev.ballast.model.Outcome;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * Consecutive tasks of a job that stand alike, for a snapshot: most tasks of a large job do.
 *
 * @param from index of the first
 * @param count how many, ≥ 1
 * @param attempts made of each, the present one included
 */
public record TaskRun(int from, int count, int attempts, Standing standing) {
  /** Where tasks stand. */
  public sealed interface Standing {}

  /**
   * They wait, with what their failures have taught.
   *
   * @param since they may be placed from then on
   * @param failures attempts that failed and counted
   * @param losses workers that were lost with them
   * @param outgrownBytes memory of the largest browser that was too small
   * @param avoid workers they failed on, by name
   */
  public record Waiting(
      Instant since, int failures, int losses, OptionalLong outgrownBytes, List<WorkerId> avoid)
      implements Standing {
    public Waiting {
      avoid = List.copyOf(avoid);
    }
  }

  /** Bound under that reign, running perhaps; {@code before} is what they were when they waited. */
  public record Bound(long epoch, WorkerId worker, Backend backend, Instant at, Waiting before)
      implements Standing {}

  /** Ended with that outcome, under that reign. */
  public record Done(long epoch, Outcome outcome) implements Standing {}

  /** Their job ended first. */
  public record Dropped() implements Standing {}

  /** The same run with one task more. */
  TaskRun longer() {
    return new TaskRun(from, count + 1, attempts, standing);
  }

  /** Whether that task stands where these do, and follows them. */
  boolean continuedBy(TaskRun next) {
    return from + count == next.from && attempts == next.attempts && standing.equals(next.standing);
  }
}
