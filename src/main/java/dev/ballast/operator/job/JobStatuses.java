package dev.ballast.operator.job;

import dev.ballast.dispatch.JobProgress;
import dev.ballast.dispatch.JobState;
import dev.ballast.dispatch.JobView;
import dev.ballast.model.JobSpec;
import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a TestJob's status says of its job. A pure function, so that the same state is the same
 * status, and nothing is written twice.
 */
final class JobStatuses {
  private static final int REASONS = 32;

  /** Type of the condition of a job that outlived the data of its controller. */
  private static final String LOST = "MeasurementsLost";

  private JobStatuses() {}

  /** Whether nothing will ever change in it again. */
  static boolean ended(@Nullable TestJobStatus status) {
    return status != null
        && (Conditions.holds(status.conditions(), "Complete")
            || Conditions.holds(status.conditions(), "Failed"));
  }

  /** Whether both tell of the same ended tasks, and only where the others are has changed. */
  static boolean onlyPlacesDiffer(@Nullable TestJobStatus before, TestJobStatus now) {
    return before != null
        && Objects.equals(before.phase(), now.phase())
        && Objects.equals(before.observedGeneration(), now.observedGeneration())
        && Objects.equals(before.conditions(), now.conditions())
        && Objects.equals(before.completedIndexes(), now.completedIndexes())
        && Objects.equals(before.failedIndexes(), now.failedIndexes());
  }

  /** The status of a job whose spec names what is not there. */
  static TestJobStatus refused(TestJob job, String message, long epoch, Instant now) {
    return new StatusDraft("Failed", job.getMetadata().getGeneration(), epoch)
        .ended(now)
        .conditions(conditions(job, now).set("Failed", true, "InvalidSpec", message))
        .build();
  }

  static TestJobStatus of(TestJob job, JobProgress progress, long epoch, Instant now) {
    JobView view = progress.overview();
    StatusDraft draft =
        new StatusDraft(phase(view.state()), job.getMetadata().getGeneration(), epoch)
            .progress(progress, families(view.spec(), progress))
            .unplaceable(reasons(progress))
            .started(startOf(job.getStatus(), progress))
            .conditions(conditions(job, progress, now));
    view.endedAt().ifPresent(draft::ended);
    return draft.build();
  }

  private static String phase(JobState state) {
    return switch (state) {
      case ACCEPTED -> "Pending";
      case RUNNING -> "Running";
      case SUSPENDED -> "Suspended";
      case COMPLETE -> "Complete";
      case FAILED, CANCELLED -> "Failed";
    };
  }

  /** A job that is run again after a loss started when it first did. */
  private static @Nullable String startOf(@Nullable TestJobStatus before, JobProgress progress) {
    return before != null && before.startTime() != null
        ? before.startTime()
        : progress.startedAt().map(Conditions::time).orElse(null);
  }

  private static List<TestJobStatus.UnplaceableReason> reasons(JobProgress progress) {
    return progress.unplaceable().stream()
        .limit(REASONS)
        .map(entry ->
            new TestJobStatus.UnplaceableReason(
                entry.reason().code(), entry.tasks(), entry.reason().message()))
        .toList();
  }

  private static List<TestJobStatus.FamilySummary> families(JobSpec spec, JobProgress progress) {
    int each = spec.taskCount() / spec.models().size();
    Map<String, TestJobStatus.FamilySummary> families = new LinkedHashMap<>();
    for (int model = 0; model < spec.models().size(); model++) {
      int from = model * each;
      families.merge(
          spec.models().get(model).family().label(),
          new TestJobStatus.FamilySummary(
              spec.models().get(model).family().label(),
              each,
              count(progress.succeeded(), from, from + each),
              count(progress.failed(), from, from + each)),
          (a, b) ->
              new TestJobStatus.FamilySummary(
                  a.family(),
                  a.tasks() + b.tasks(),
                  a.succeeded() + b.succeeded(),
                  a.failed() + b.failed()));
    }
    return new ArrayList<>(families.values());
  }

  private static int count(BitSet indexes, int from, int to) {
    return indexes.get(from, to).cardinality();
  }

  private static Conditions conditions(TestJob job, JobProgress progress, Instant now) {
    Conditions conditions = conditions(job, now);
    JobView view = progress.overview();
    String reason = view.reason().orElse("");
    String message = view.message().orElse("");
    switch (view.state()) {
      case COMPLETE -> conditions.set("Complete", true, reason, message);
      case FAILED, CANCELLED -> conditions.set("Failed", true, reason, message);
      case SUSPENDED -> conditions.set("Suspended", true, "JobSuspended", "spec.suspend is true");
      case ACCEPTED, RUNNING -> {
        if (said(job.getStatus(), "Suspended")) {
          conditions.set("Suspended", false, "JobResumed", "spec.suspend is false");
        }
      }
    }
    if (beganBefore(job.getStatus(), progress) || said(job.getStatus(), LOST)) {
      conditions.set(LOST, true, "JournalLost", lost(progress.recalled()));
    }
    return conditions;
  }

  private static String lost(int recalled) {
    return recalled == 0
        ? "the controller's data was lost while the job ran: all of it runs again"
        : "%d tasks had ended before the controller's data was lost: they are not run again, and what they measured is gone. What had ended after the last status runs again"
            .formatted(recalled);
  }

  /** The status tells of a start that this journal does not know. */
  private static boolean beganBefore(@Nullable TestJobStatus before, JobProgress progress) {
    if (progress.recalled() > 0) {
      return true;
    }
    return before != null
        && before.startTime() != null
        && progress
            .startedAt()
            .map(start -> Conditions.time(start).compareTo(before.startTime()) > 0)
            .orElse(true);
  }

  private static boolean said(@Nullable TestJobStatus before, String type) {
    return before != null
        && before.conditions() != null
        && before.conditions().stream().anyMatch(condition -> condition.type().equals(type));
  }

  private static Conditions conditions(TestJob job, Instant now) {
    return new Conditions(
        Optional.ofNullable(job.getStatus()).map(TestJobStatus::conditions).orElse(null),
        job.getMetadata().getGeneration(),
        now);
  }
}
