package dev.ballast.operator.job;

import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the statuses of small jobs may cost. One that is over within ten seconds of its start costs
 * three writes, however it ends: one status while it waits or runs, one of its end, and one Event.
 */
final class SmallJobs {
  static final Duration SOON_OVER = Duration.ofSeconds(10);

  /** A job of more tasks is told of as it goes. */
  private static final int TASKS = 100;

  /** So long nobody is told that a job waits. */
  private static final Duration AT_FIRST = Duration.ofSeconds(2);

  /** Creation times are in whole seconds. */
  private static final Duration ROUNDING = Duration.ofSeconds(1);

  private static final Set<String> UNDER_WAY = Set.of("Pending", "Running");

  private final Map<String, Instant> toldAt = new ConcurrentHashMap<>();

  /** How long {@code status} may wait for more that is worth the same write. */
  Optional<Duration> holdBack(TestJob job, TestJobStatus status, Instant now) {
    if (!UNDER_WAY.contains(status.phase())) {
      return Optional.empty();
    }
    Optional<Instant> until =
        job.getStatus() == null
            ? untilItHasWaited(job, status)
            : untilItIsLong(job.getMetadata().getUid(), job.getStatus(), status);
    return until.map(end -> Duration.between(now, end)).filter(Duration::isPositive);
  }

  /** The status of that job is written. */
  void told(TestJob job, TestJobStatus status, Instant now) {
    if (isSmall(status) && UNDER_WAY.contains(status.phase())) {
      toldAt.put(job.getMetadata().getUid(), now);
    } else {
      forget(job.getMetadata().getUid());
    }
  }

  /** The job is over, or gone. */
  void forget(String uid) {
    toldAt.remove(uid);
  }

  /** It was only just accepted. */
  private static Optional<Instant> untilItHasWaited(TestJob job, TestJobStatus status) {
    return "Pending".equals(status.phase())
        ? Optional.of(
            Instant.parse(job.getMetadata().getCreationTimestamp()).plus(AT_FIRST).plus(ROUNDING))
        : Optional.empty();
  }

  /** It was told that it waits or runs. */
  private Optional<Instant> untilItIsLong(String uid, TestJobStatus told, TestJobStatus status) {
    if (!isSmall(status) || !UNDER_WAY.contains(told.phase())) {
      return Optional.empty();
    }
    Instant last = toldAt.getOrDefault(uid, Instant.EPOCH);
    Instant begun =
        "Pending".equals(told.phase()) && status.startTime() != null
            ? Instant.parse(status.startTime())
            : Instant.EPOCH;
    return Optional.of((begun.isAfter(last) ? begun : last).plus(SOON_OVER));
  }

  private static boolean isSmall(TestJobStatus status) {
    return status.tasks() != null && status.tasks() <= TASKS;
  }
}
