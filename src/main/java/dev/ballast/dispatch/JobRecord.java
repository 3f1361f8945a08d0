package dev.ballast.dispatch;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A job as the fold of its events, and its lanes in the queue. */
final class JobRecord {
  final String uid;
  final long order;
  final Instant acceptedAt;
  final TaskRecord[] tasks;
  final Map<Lane.Key, Lane> lanes = new HashMap<>();
  JobSpec spec;

  /** Its deadline counts from here: acceptance, or the end of its last suspension. */
  Instant activeSince;

  Event.@Nullable JobEnded end;

  /** Found unfinished at the start, and not resumed yet. */
  boolean held;

  boolean everBound;
  @Nullable Instant firstBoundAt;
  final BitSet succeededIndexes = new BitSet();
  final BitSet failedIndexes = new BitSet();
  int flagged;
  int rejected;
  int recalled;
  int active;

  private @Nullable Map<BrowserKind, Lane> fronts;

  /** Expected seconds of what it was given, by its weight: whoever has least goes first. */
  double served;

  /** By how much the last task added to that. */
  double lastServed;

  /** It had something to run at the last look. */
  boolean backlogged;

  /** Its waiting tasks are left out of the balancer's board. */
  boolean offFloor;

  int waiting;
  int succeeded;
  int failed;

  JobRecord(String uid, long order, JobSpec spec, Instant acceptedAt) {
    this.uid = uid;
    this.order = order;
    this.spec = spec;
    this.acceptedAt = acceptedAt;
    this.activeSince = acceptedAt;
    this.tasks = new TaskRecord[spec.taskCount()];
    for (int index = 0; index < tasks.length; index++) {
      tasks[index] = new TaskRecord(this, index, rank(spec, index), acceptedAt);
    }
    this.waiting = tasks.length;
  }

  JobState state() {
    if (end != null) {
      return switch (end.end()) {
        case COMPLETE -> JobState.COMPLETE;
        case FAILED -> JobState.FAILED;
        case CANCELLED -> JobState.CANCELLED;
      };
    }
    if (paused()) {
      return JobState.SUSPENDED;
    }
    return everBound ? JobState.RUNNING : JobState.ACCEPTED;
  }

  boolean ended() {
    return end != null;
  }

  /** When it ended; far away while it has not. */
  Instant endedAt() {
    return end == null ? Instant.MAX : end.at();
  }

  /** The lane of that browser whose task is the next of the job; null: none can run now. */
  @Nullable Lane front(BrowserKind browser) {
    Map<BrowserKind, Lane> known = fronts;
    if (known == null) {
      known = new HashMap<>();
      for (Lane lane : lanes.values()) {
        if (lane.blocked == null && lane.key.browser().isPresent() && !lane.tasks.isEmpty()) {
          known.merge(
              lane.key.browser().get(),
              lane,
              (a, b) -> a.tasks.first().rank < b.tasks.first().rank ? a : b);
        }
      }
      fronts = known;
    }
    return known.get(browser);
  }

  /** Its lanes, or what may run of them, have changed. */
  void lanesChanged() {
    fronts = null;
  }

  boolean paused() {
    return spec.suspend() || held;
  }

  boolean atLimit() {
    return spec.parallelism().isPresent() && active >= spec.parallelism().getAsInt();
  }

  Optional<Instant> deadline() {
    return ended() || paused() ? Optional.empty() : spec.activeDeadline().map(activeSince::plus);
  }

  void change(Event.JobChanged changed) {
    if (spec.suspend() && !changed.suspend()) {
      activeSince = changed.at();
    }
    spec =
        new JobSpec(
            spec.namespace(),
            spec.name(),
            spec.poolSelector(),
            changed.priority(),
            spec.weight(),
            changed.parallelism().map(OptionalInt::of).orElseGet(OptionalInt::empty),
            changed.suspend(),
            spec.models(),
            spec.backends(),
            spec.browsers(),
            spec.repetitions(),
            spec.run(),
            spec.requirements(),
            spec.backoffLimitPerIndex(),
            spec.maxFailedIndexes(),
            spec.activeDeadline(),
            spec.fallbackBackends());
  }

  /** Moves a task to another state and keeps the counts. */
  void move(TaskRecord task, TaskState next) {
    count(task.state, -1);
    task.state = next;
    count(next, 1);
    if (next instanceof TaskState.Done(_, Outcome outcome)) {
      (outcome == Outcome.SUCCEEDED ? succeededIndexes : failedIndexes).set(task.index);
    }
  }

  /** What a succeeded task's measurement is worth. */
  void judge(Verdict.Level level) {
    flagged += level == Verdict.Level.FLAGGED ? 1 : 0;
    rejected += level == Verdict.Level.REJECTED ? 1 : 0;
  }

  private void count(TaskState state, int change) {
    switch (state) {
      case TaskState.Waiting _ -> waiting += change;
      case TaskState.Bound _, TaskState.Running _ -> active += change;
      case TaskState.Done(_, Outcome outcome) -> {
        if (outcome == Outcome.SUCCEEDED) {
          succeeded += change;
        } else {
          failed += change;
        }
      }
      case TaskState.Dropped _ -> {
        // Counted by nobody: its job has ended.
      }
    }
  }

  /** Of two tasks that differ only in their browser, one comes right after the other. */
  private static int rank(JobSpec spec, int index) {
    int browsers = Math.max(1, spec.browsers().size());
    int repetition = index % spec.repetitions();
    int browser = index / spec.repetitions() % browsers;
    int outer = index / spec.repetitions() / browsers;
    return (outer * spec.repetitions() + repetition) * browsers + browser;
  }
}
