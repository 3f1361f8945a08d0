package dev.ballast.dispatch;

import dev.ballast.balancer.WaitReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a job is, without a view of each task: cheap enough to be asked for every second.
 *
 * @param overview its counts and its end, without its tasks
 * @param startedAt when its first task was placed
 * @param succeeded indexes that succeeded
 * @param failed indexes that failed for good
 * @param flagged succeeded tasks of this journal whose measurement is flagged
 * @param rejected succeeded tasks of this journal whose measurement is rejected
 * @param recalled ended tasks whose measurements are not in this journal
 * @param unplaceable why tasks are unplaceable, most frequent first
 */
public record JobProgress(
    JobView overview,
    Optional<Instant> startedAt,
    BitSet succeeded,
    BitSet failed,
    int flagged,
    int rejected,
    int recalled,
    List<Unplaceable> unplaceable) {
  public JobProgress {
    unplaceable = List.copyOf(unplaceable);
  }

  /** One reason, and how many tasks have it. */
  public record Unplaceable(WaitReason reason, int tasks) {}

  static JobProgress of(JobRecord job, JobView overview) {
    Map<String, Unplaceable> reasons = new LinkedHashMap<>();
    if (!job.paused()) {
      for (Lane lane : job.lanes.values()) {
        if (lane.unplaceable() && lane.blocked != null) {
          reasons.merge(
              lane.blocked.code(),
              new Unplaceable(lane.blocked, lane.tasks.size()),
              (a, b) -> new Unplaceable(a.reason(), a.tasks() + b.tasks()));
        }
      }
    }
    List<Unplaceable> sorted = new ArrayList<>(reasons.values());
    sorted.sort((a, b) -> b.tasks() - a.tasks());
    return new JobProgress(
        overview,
        Optional.ofNullable(job.firstBoundAt),
        (BitSet) job.succeededIndexes.clone(),
        (BitSet) job.failedIndexes.clone(),
        job.flagged,
        job.rejected,
        job.recalled,
        sorted);
  }
}
