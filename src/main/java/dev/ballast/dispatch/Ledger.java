package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Outcome;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What must survive: jobs, tasks and attempts as the fold of the events, the same for a replayed
 * and for a fresh one.
 */
final class Ledger {
  private final Map<String, JobRecord> jobs = new LinkedHashMap<>();
  private final Map<String, JobRecord> open = new LinkedHashMap<>();
  private final TaskQueue queue;
  private final Alarm alarm;
  private boolean live;
  private long accepted;
  private List<Event> events = new ArrayList<>();

  Ledger(TaskQueue queue, Alarm alarm) {
    this.queue = queue;
    this.alarm = alarm;
  }

  /** From now on tasks that wait are queued; a replay would queue most of them in vain. */
  void goLive() {
    live = true;
  }

  boolean live() {
    return live;
  }

  /** Makes it happen: the fold, and the journal once this step is written. */
  void emit(Event event) {
    events.add(event);
    apply(event);
  }

  /** What was emitted since the last call. */
  List<Event> drain() {
    List<Event> drained = events;
    events = new ArrayList<>();
    return drained;
  }

  void apply(Event event) {
    switch (event) {
      case Event.JobAccepted accepted -> accept(accepted);
      case Event.AttemptBound bound -> {
        TaskRecord task = task(bound.attempt());
        task.attempts = bound.attempt().number();
        task.job.everBound = true;
        task.movedFrom = null;
        if (task.job.firstBoundAt == null) {
          task.job.firstBoundAt = bound.at();
        }
        queue.remove(task);
        task.job.move(
            task,
            new TaskState.Bound(bound.attempt(), bound.worker(), bound.backend(), bound.at()));
      }
      case Event.TasksRecalled recalled -> recall(recalled);
      case Event.AttemptReturned returned -> wait(task(returned.attempt()), returned.at());
      case Event.AttemptEnded ended -> end(ended);
      case Event.JobChanged changed -> {
        JobRecord job = job(changed.uid());
        job.change(changed);
        job.deadline().ifPresent(alarm::atLatest);
        queue.lookAgain();
      }
      case Event.JobEnded ended -> end(ended);
      case Event.JobForgotten forgotten -> jobs.remove(job(forgotten.uid()).uid);
      case Event.JobRestored restored -> restore(restored);
      case Event.TasksRestored restored -> {
        JobRecord job = job(restored.uid());
        restored.tasks().forEach(run -> Snapshot.restore(job, run));
      }
    }
  }

  /** Few events whose fold is the present state. */
  List<Event> snapshot() {
    List<Event> snapshot = new ArrayList<>();
    jobs.values().forEach(job -> snapshot.addAll(Snapshot.of(job, alarm.now())));
    return snapshot;
  }

  /** The task waits (again), and counts its waiting from then. */
  void wait(TaskRecord task, Instant since) {
    task.queuedAt = since;
    task.job.move(task, new TaskState.Waiting(since));
    if (live) {
      queue.add(task);
    }
  }

  private void accept(Event.JobAccepted accepted) {
    JobRecord job = add(accepted.uid(), accepted.job(), accepted.at());
    if (live) {
      for (TaskRecord task : job.tasks) {
        queue.add(task);
      }
      job.deadline().ifPresent(alarm::atLatest);
    }
  }

  private JobRecord add(String uid, JobSpec spec, Instant acceptedAt) {
    JobRecord job = new JobRecord(uid, ++accepted, spec, acceptedAt);
    jobs.put(uid, job);
    open.put(uid, job);
    return job;
  }

  private void restore(Event.JobRestored restored) {
    JobRecord job = add(restored.uid(), restored.job(), restored.acceptedAt());
    job.activeSince = restored.activeSince();
    job.everBound = restored.everBound();
    job.end = restored.end().orElse(null);
    if (job.ended()) {
      open.remove(job.uid);
    }
    job.firstBoundAt = restored.firstBoundAt().orElse(null);
    job.flagged = restored.flagged();
    job.rejected = restored.rejected();
    job.recalled = restored.recalled();
  }

  private void recall(Event.TasksRecalled recalled) {
    JobRecord job = job(recalled.uid());
    recalled.succeeded().forEach(index -> recall(job.tasks[index], Outcome.SUCCEEDED));
    recalled.failed().forEach(index -> recall(job.tasks[index], Outcome.FAILED));
    job.recalled = recalled.succeeded().size() + recalled.failed().size();
  }

  /** Ended in a journal that is lost: in attempt 0 of no reign. */
  private void recall(TaskRecord task, Outcome outcome) {
    queue.remove(task);
    task.job.move(task, new TaskState.Done(new AttemptId(task.id(), 0, 0), outcome));
  }

  private void end(Event.AttemptEnded ended) {
    AttemptResult result = ended.result();
    TaskRecord task = task(result.attemptId());
    if (ended.retryAt().isEmpty()) {
      task.job.move(task, new TaskState.Done(result.attemptId(), result.outcome()));
      if (result.outcome() == Outcome.SUCCEEDED) {
        task.job.judge(result.verdict().level());
      }
      return;
    }
    if (result.outcome() != Outcome.CANCELLED) {
      task.avoid(new WorkerId(result.worker()));
    }
    if (Retries.counts(result.outcome())) {
      task.failures++;
    }
    if (Retries.countsAsLoss(result)) {
      task.losses++;
    }
    task.outgrownBytes = Math.max(task.outgrownBytes, ended.outgrownBytes().orElse(0));
    wait(task, ended.retryAt().get());
  }

  private void end(Event.JobEnded ended) {
    JobRecord job = job(ended.uid());
    job.end = ended;
    open.remove(job.uid);
    for (TaskRecord task : job.tasks) {
      if (!(task.state instanceof TaskState.Done)) {
        queue.remove(task);
        job.move(task, new TaskState.Dropped());
      }
    }
    job.lanes.clear();
  }

  // ---------------------------------------------------------------- look-ups

  Collection<JobRecord> jobs() {
    return jobs.values();
  }

  /** Those that have not ended, the oldest first. */
  Collection<JobRecord> open() {
    return open.values();
  }

  @Nullable JobRecord find(String uid) {
    return jobs.get(uid);
  }

  Optional<JobRecord> unfinished(String namespace, String name) {
    return open.values().stream()
        .filter(job -> job.spec.namespace().equals(namespace) && job.spec.name().equals(name))
        .findFirst();
  }

  private JobRecord job(String uid) {
    JobRecord job = jobs.get(uid);
    if (job == null) {
      throw new IllegalStateException("an event names the unknown job %s".formatted(uid));
    }
    return job;
  }

  private TaskRecord task(AttemptId attempt) {
    return job(attempt.task().job()).tasks[attempt.task().index()];
  }
}
