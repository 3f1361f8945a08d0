package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The durable part of a job as few events, and back. */
final class Snapshot {
  /** Runs in one event, so that no record of the journal grows without bound. */
  private static final int CHUNK = 5_000;

  private Snapshot() {}

  /** Events whose fold is this job. */
  static List<Event> of(JobRecord job, Instant now) {
    List<Event> events = new ArrayList<>();
    events.add(
        new Event.JobRestored(
            job.uid,
            job.spec,
            job.acceptedAt,
            job.activeSince,
            job.everBound,
            Optional.ofNullable(job.firstBoundAt),
            job.flagged,
            job.rejected,
            job.recalled,
            Optional.ofNullable(job.end),
            now));
    List<TaskRun> runs = new ArrayList<>();
    TaskRun open = null;
    for (TaskRecord task : job.tasks) {
      TaskRun next = new TaskRun(task.index, 1, task.attempts, standing(task));
      if (open == null) {
        open = next;
      } else if (open.continuedBy(next)) {
        open = open.longer();
      } else {
        runs.add(open);
        open = next;
      }
    }
    if (open != null) {
      runs.add(open);
    }
    for (int from = 0; from < runs.size(); from += CHUNK) {
      List<TaskRun> chunk = runs.subList(from, Math.min(runs.size(), from + CHUNK));
      events.add(new Event.TasksRestored(job.uid, chunk, now));
    }
    return events;
  }

  private static TaskRun.Standing standing(TaskRecord task) {
    return switch (task.state) {
      case TaskState.Waiting(Instant since) -> waiting(task, since);
      case TaskState.Bound bound ->
          new TaskRun.Bound(
              bound.attempt().epoch(),
              bound.worker(),
              bound.backend(),
              bound.at(),
              waiting(task, task.queuedAt));
      // That it started is learned from its worker again.
      case TaskState.Running running ->
          new TaskRun.Bound(
              running.attempt().epoch(),
              running.worker(),
              running.backend(),
              running.boundAt(),
              waiting(task, task.queuedAt));
      case TaskState.Done done -> new TaskRun.Done(done.attempt().epoch(), done.outcome());
      case TaskState.Dropped _ -> new TaskRun.Dropped();
    };
  }

  private static TaskRun.Waiting waiting(TaskRecord task, Instant since) {
    return new TaskRun.Waiting(
        since,
        task.failures,
        task.losses,
        task.outgrownBytes == 0 ? OptionalLong.empty() : OptionalLong.of(task.outgrownBytes),
        task.avoid.stream().sorted().toList());
  }

  /** Puts the tasks of a run where they stood. */
  static void restore(JobRecord job, TaskRun run) {
    for (int index = run.from(); index < run.from() + run.count(); index++) {
      TaskRecord task = job.tasks[index];
      task.attempts = run.attempts();
      switch (run.standing()) {
        case TaskRun.Waiting waiting -> {
          recall(task, waiting);
          job.move(task, new TaskState.Waiting(waiting.since()));
        }
        case TaskRun.Bound bound -> {
          recall(task, bound.before());
          job.move(
              task,
              new TaskState.Bound(
                  attempt(task, bound.epoch()), bound.worker(), bound.backend(), bound.at()));
        }
        case TaskRun.Done done ->
            job.move(task, new TaskState.Done(attempt(task, done.epoch()), done.outcome()));
        case TaskRun.Dropped _ -> job.move(task, new TaskState.Dropped());
      }
    }
  }

  private static AttemptId attempt(TaskRecord task, long epoch) {
    return new AttemptId(task.id(), task.attempts, epoch);
  }

  private static void recall(TaskRecord task, TaskRun.Waiting waiting) {
    task.queuedAt = waiting.since();
    task.failures = waiting.failures();
    task.losses = waiting.losses();
    task.outgrownBytes = waiting.outgrownBytes().orElse(0);
    task.avoid = Set.copyOf(waiting.avoid());
  }
}
