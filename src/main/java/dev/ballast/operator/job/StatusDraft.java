package dev.ballast.operator.job;

import dev.ballast.dispatch.JobProgress;
import dev.ballast.dispatch.JobView;
import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.resource.Condition;
import dev.ballast.operator.resource.TestJobStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A TestJob's status in the making: what is not said stays absent. */
final class StatusDraft {
  private final String phase;
  private final @Nullable Long generation;
  private final long epoch;
  private JobView.@Nullable Counts counts;
  private int tasks;
  private int flagged;
  private int rejected;
  private List<TestJobStatus.UnplaceableReason> reasons = List.of();
  private @Nullable List<TestJobStatus.FamilySummary> families;
  private @Nullable String completedIndexes;
  private @Nullable String failedIndexes;
  private @Nullable String startTime;
  private @Nullable String completionTime;
  private List<Condition> conditions = List.of();

  /**
   * @param generation of the spec that the status is about
   * @param epoch the reign that writes it
   */
  StatusDraft(String phase, @Nullable Long generation, long epoch) {
    this.phase = phase;
    this.generation = generation;
    this.epoch = epoch;
  }

  StatusDraft progress(JobProgress progress, List<TestJobStatus.FamilySummary> ofFamilies) {
    counts = progress.overview().counts();
    tasks = progress.overview().spec().taskCount();
    flagged = progress.flagged();
    rejected = progress.rejected();
    families = ofFamilies;
    completedIndexes = IndexRanges.format(progress.succeeded());
    failedIndexes = IndexRanges.format(progress.failed());
    return this;
  }

  StatusDraft unplaceable(List<TestJobStatus.UnplaceableReason> why) {
    reasons = why;
    return this;
  }

  StatusDraft started(@Nullable String time) {
    startTime = time;
    return this;
  }

  StatusDraft ended(Instant time) {
    completionTime = Conditions.time(time);
    return this;
  }

  StatusDraft conditions(Conditions built) {
    conditions = built.build();
    return this;
  }

  TestJobStatus build() {
    JobView.@Nullable Counts known = counts;
    return new TestJobStatus(
        phase,
        known == null ? null : "%d/%d".formatted(known.succeeded() + known.failed(), tasks),
        known == null ? null : (Integer) tasks,
        known == null ? null : (Integer) known.running(),
        known == null ? null : (Integer) (known.waiting() + known.bound()),
        known == null ? null : (Integer) known.succeeded(),
        known == null ? null : (Integer) known.failed(),
        known == null ? null : (Integer) flagged,
        known == null ? null : (Integer) rejected,
        known == null ? null : (Integer) known.unplaceable(),
        reasons.isEmpty() ? null : reasons,
        families,
        completedIndexes,
        failedIndexes,
        startTime,
        completionTime,
        generation,
        epoch,
        conditions.isEmpty() ? null : conditions);
  }
}
