package dev.ballast.operator.job;

import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.report.EventRecorder;
import dev.ballast.operator.resource.Condition;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The Events of jobs. A small one gets one, at its end; of a longer one it is told as it happens,
 * beginning when it is clear that it is one.
 */
final class JobEvents {
  /** A job that waits in line is told of after this; one that nothing can run much sooner. */
  private static final Duration LONG_LINE = Duration.ofSeconds(60);

  private final EventRecorder events;
  private final Chronicle chronicle;

  /** Jobs of which it may have to be said that they wait, or run, by uid: since when they do. */
  private final Map<String, Instant> waitSince = new ConcurrentHashMap<>();

  private final Map<String, Instant> runSince = new ConcurrentHashMap<>();

  JobEvents(EventRecorder events, Chronicle chronicle) {
    this.events = events;
    this.chronicle = chronicle;
  }

  /** {@code job} as it was, and the status that it gets now. */
  void tell(TestJob job, TestJobStatus now, Instant at) {
    String uid = job.getMetadata().getUid();
    note(job, now, at);
    Optional<Condition> failed = failed(now);
    if (failed.isPresent()) {
      events.tell(
          job,
          EventRecorder.Type.WARNING,
          failed.get().reason(),
          "EndJob",
          failed.get().message()
              + chronicle.lastFailure(uid).map("; the last: "::concat).orElse(""));
    } else if (JobStatuses.ended(now)) {
      boolean told = happened(job);
      if (!told || isLong(now.startTime(), at)) {
        events.tell(
            job,
            EventRecorder.Type.NORMAL,
            "Completed",
            "EndJob",
            "all %d tasks succeeded".formatted(now.tasks()));
      }
    } else if (isLong(now.startTime(), at)) {
      happened(job);
    }
  }

  private void note(TestJob job, TestJobStatus now, Instant at) {
    TestJobStatus before = job.getStatus();
    String uid = job.getMetadata().getUid();
    if (JobStatuses.ended(now)) {
      forget(uid);
    } else if (now.startTime() != null) {
      waitSince.remove(uid);
      if (before == null || before.startTime() == null) {
        runSince.put(uid, at);
      }
    } else if (before == null && "Pending".equals(now.phase())) {
      waitSince.put(uid, at);
    }
  }

  /**
   * Tells what is worth an Event only when it lasts. Returns when it may be, if it is not yet;
   * empty also after a restart, when the status says it all.
   */
  Optional<Duration> remind(TestJob job, TestJobStatus now, Instant at) {
    String uid = job.getMetadata().getUid();
    Optional<Duration> waits =
        left(
            waitSince, uid, now.unplaceableReasons() == null ? LONG_LINE : SmallJobs.SOON_OVER, at);
    if (waits.isPresent() && !waits.get().isPositive() && waitSince.remove(uid) != null) {
      accepted(job, now);
    }
    Optional<Duration> runs = left(runSince, uid, SmallJobs.SOON_OVER, at);
    if (runs.isPresent() && !runs.get().isPositive() && runSince.remove(uid) != null) {
      events.tell(
          job,
          EventRecorder.Type.NORMAL,
          "Started",
          "PlaceTasks",
          "accepted with %d tasks; the first went to a browser at %s"
              .formatted(now.tasks(), now.startTime()));
    }
    return waits.or(() -> runs).filter(Duration::isPositive);
  }

  private static Optional<Duration> left(
      Map<String, Instant> since, String uid, Duration patience, Instant at) {
    return Optional.ofNullable(since.get(uid))
        .map(begin -> Duration.between(at, begin.plus(patience)));
  }

  /** The job is over, or gone. */
  void forget(String uid) {
    waitSince.remove(uid);
    runSince.remove(uid);
  }

  /** Retries, or else moves; false: there were none. */
  private boolean happened(TestJob job) {
    String uid = job.getMetadata().getUid();
    Optional<String> retries = chronicle.retries(uid);
    retries.ifPresent(sentence -> retried(job, sentence));
    return retries.isPresent() || move(job, uid);
  }

  private void accepted(TestJob job, TestJobStatus now) {
    events.tell(job, EventRecorder.Type.NORMAL, "Accepted", "AcceptJob", accepted(now));
  }

  private void retried(TestJob job, String sentence) {
    events.tell(job, EventRecorder.Type.WARNING, "Retried", "RetryTask", sentence);
  }

  private boolean move(TestJob job, String uid) {
    Optional<String> moves = chronicle.moves(uid);
    moves.ifPresent(
        sentence -> events.tell(job, EventRecorder.Type.NORMAL, "Migrated", "MoveTask", sentence));
    return moves.isPresent();
  }

  private static String accepted(TestJobStatus status) {
    return status.unplaceableReasons() == null
        ? "accepted with %d tasks; they wait for a browser".formatted(status.tasks())
        : "accepted with %d tasks; %d can run nowhere now: %s"
            .formatted(
                status.tasks(),
                status.unplaceable(),
                status.unplaceableReasons().getFirst().message());
  }

  private static Optional<Condition> failed(TestJobStatus status) {
    return Conditions.holds(status.conditions(), "Failed") && status.conditions() != null
        ? status.conditions().stream()
            .filter(condition -> condition.type().equals("Failed"))
            .findFirst()
        : Optional.empty();
  }

  private static boolean isLong(@Nullable String startTime, Instant at) {
    return startTime != null && Instant.parse(startTime).plus(SmallJobs.SOON_OVER).isBefore(at);
  }
}
