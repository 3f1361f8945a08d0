package dev.ballast.operator.job;

import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.report.EventRecorder;
import dev.ballast.operator.resource.Condition;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Events of jobs. A job that is over within seconds gets two at most: its start, and its end if
 * there is something to say of it. Of a longer one it is told as it happens.
 */
final class JobEvents {
  private static final Duration SOON_OVER = Duration.ofSeconds(10);

  private final EventRecorder events;
  private final Chronicle chronicle;

  JobEvents(EventRecorder events, Chronicle chronicle) {
    this.events = events;
    this.chronicle = chronicle;
  }

  /** {@code job} as it was, and the status that it gets now. */
  void tell(TestJob job, TestJobStatus now, Instant at) {
    TestJobStatus before = job.getStatus();
    String uid = job.getMetadata().getUid();
    if (before == null && "Pending".equals(now.phase())) {
      events.tell(job, EventRecorder.Type.NORMAL, "Accepted", "AcceptJob", accepted(now));
    }
    if ((before == null || before.startTime() == null) && now.startTime() != null) {
      events.tell(
          job,
          EventRecorder.Type.NORMAL,
          "Started",
          "PlaceTasks",
          "accepted with %d tasks; the first is in a browser".formatted(now.tasks()));
    }
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
      chronicle
          .retries(uid)
          .ifPresentOrElse(sentence -> retried(job, sentence), () -> move(job, uid));
    } else if (isLong(now.startTime(), at)) {
      chronicle.retries(uid).ifPresent(sentence -> retried(job, sentence));
      move(job, uid);
    }
  }

  private void retried(TestJob job, String sentence) {
    events.tell(job, EventRecorder.Type.WARNING, "Retried", "RetryTask", sentence);
  }

  private void move(TestJob job, String uid) {
    chronicle
        .moves(uid)
        .ifPresent(sentence ->
            events.tell(job, EventRecorder.Type.NORMAL, "Migrated", "MoveTask", sentence));
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
    return startTime != null && Instant.parse(startTime).plus(SOON_OVER).isBefore(at);
  }
}
