package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.Backend;
import dev.ballast.model.Cell;
import dev.ballast.model.TaskId;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A task as the fold of its events, and its place in the queue or on a worker. */
final class TaskRecord {
  final JobRecord job;
  final int index;

  /** Position in the order of the job: browsers innermost, so that those compared advance alike. */
  final int rank;

  TaskState state;
  int attempts;

  /** Attempts that failed and counted. */
  int failures;

  /** Workers that were lost while they ran it. */
  int losses;

  /** Memory of the largest browser that was too small for it; 0 before there was one. */
  long outgrownBytes;

  /** The worker it is being moved away from: not asked for a place again in the same breath. */
  @Nullable WorkerId movedFrom;

  /** When it was last asked back to be moved by the rule. */
  @Nullable Instant movedAt;

  /** Workers it failed on. */
  Set<WorkerId> avoid = Set.of();

  /** When it came to the queue: survives being bound and returned, for the time it waited. */
  Instant queuedAt;

  /** Its number on the balancer's board while it waits, is bound or runs; -1: it is not there. */
  int token = -1;

  @Nullable Lane lane;
  @Nullable Lease lease;

  TaskRecord(JobRecord job, int index, int rank, Instant queuedAt) {
    this.job = job;
    this.index = index;
    this.rank = rank;
    this.queuedAt = queuedAt;
    this.state = new TaskState.Waiting(queuedAt);
  }

  TaskId id() {
    return new TaskId(job.uid, index);
  }

  Cell cell() {
    return job.spec.cell(index);
  }

  /** Which of the job's models it runs, from 0. */
  int modelIndex() {
    return index / (job.tasks.length / job.spec.models().size());
  }

  AttemptId nextAttempt(long epoch) {
    return new AttemptId(id(), attempts + 1, epoch);
  }

  /** The backend of the next attempt: the cell's, then after its retries each fallback once. */
  Optional<Backend> backend() {
    int beyond = failures - job.spec.backoffLimitPerIndex();
    Optional<Backend> own = cell().backend();
    if (beyond <= 0) {
      return own;
    }
    List<Backend> fallbacks = fallbacks();
    return beyond <= fallbacks.size() ? Optional.of(fallbacks.get(beyond - 1)) : own;
  }

  /** Whether one more failure leaves another attempt. */
  boolean retriesAfterFailure() {
    return failures + 1 <= job.spec.backoffLimitPerIndex() + fallbacks().size();
  }

  void avoid(WorkerId worker) {
    Set<WorkerId> more = new TreeSet<>(avoid);
    more.add(worker);
    avoid = Set.copyOf(more);
  }

  /** Workers to be used only where there is no other: it failed there, or is on its way from it. */
  Set<WorkerId> avoided() {
    if (movedFrom == null || avoid.contains(movedFrom)) {
      return avoid;
    }
    Set<WorkerId> more = new TreeSet<>(avoid);
    more.add(movedFrom);
    return Set.copyOf(more);
  }

  private List<Backend> fallbacks() {
    Optional<Backend> own = cell().backend();
    return job.spec.fallbackBackends().stream()
        .filter(backend -> own.isEmpty() || !own.get().equals(backend))
        .toList();
  }
}
