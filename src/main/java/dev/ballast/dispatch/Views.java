package dev.ballast.dispatch;

import dev.ballast.balancer.Candidate;
import dev.ballast.balancer.Decision;
import dev.ballast.balancer.WaitReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The state as others may see it: jobs, tasks with the reasons they wait for, workers. */
final class Views {
  private final Ledger ledger;
  private final Roster roster;
  private final Breakers breakers;
  private final Placement placement;

  Views(Ledger ledger, Roster roster, Breakers breakers, Placement placement) {
    this.ledger = ledger;
    this.roster = roster;
    this.breakers = breakers;
    this.placement = placement;
  }

  List<JobView> jobs() {
    return ledger.jobs().stream().map(job -> view(job, List.of())).toList();
  }

  Optional<JobView> job(String uid) {
    JobRecord job = ledger.find(uid);
    if (job == null) {
      return Optional.empty();
    }
    Map<Lane, Integer> positions = new HashMap<>();
    List<TaskRecord> byRank = new ArrayList<>(List.of(job.tasks));
    byRank.sort(Comparator.comparingInt(task -> task.rank));
    JobView.TaskView[] views = new JobView.TaskView[job.tasks.length];
    for (TaskRecord task : byRank) {
      int before = task.lane == null ? 0 : positions.merge(task.lane, 1, Integer::sum) - 1;
      views[task.index] =
          new JobView.TaskView(task.index, task.state, task.attempts, waitReason(task, before));
    }
    return Optional.of(view(job, List.of(views)));
  }

  Optional<JobProgress> progress(String uid) {
    return Optional.ofNullable(ledger.find(uid))
        .map(job -> JobProgress.of(job, view(job, List.of())));
  }

  Optional<Decision> decision(String uid, int index) {
    JobRecord job = ledger.find(uid);
    if (job == null || index < 0 || index >= job.tasks.length) {
      return Optional.empty();
    }
    TaskRecord task = job.tasks[index];
    if (task.state instanceof TaskState.Waiting) {
      int before = task.lane == null ? 0 : task.lane.tasks.headSet(task).size();
      List<Candidate> candidates = task.lane == null ? List.of() : placement.candidates(task);
      return waitReason(task, before).map(reason -> new Decision.Waits(reason, candidates));
    }
    return placement.decision(task.id());
  }

  List<WorkerView> workers() {
    return roster.all().stream().map(this::view).toList();
  }

  /** What has not begun and is not suspended, by what it asks for. */
  List<Queued> queued() {
    return ledger.jobs().stream()
        .filter(job -> !job.ended() && !job.paused())
        .flatMap(job -> queued(job).stream())
        .toList();
  }

  private static List<Queued> queued(JobRecord job) {
    List<Queued> queued = new ArrayList<>();
    for (Lane lane : job.lanes.values()) {
      if (!lane.tasks.isEmpty()) {
        queued.add(new Queued(job.spec, lane.key.backend(), lane.key.browser(), lane.tasks.size()));
      }
    }
    if (job.active > 0) {
      for (TaskRecord task : job.tasks) {
        if (task.state instanceof TaskState.Bound) {
          queued.add(new Queued(job.spec, task.backend(), task.cell().browser(), 1));
        }
      }
    }
    return queued;
  }

  /** When the task came that waits longest for a place it could have. */
  Optional<Instant> waitingSince() {
    return ledger.jobs().stream()
        .filter(job -> !job.ended() && !job.paused())
        .flatMap(job -> job.lanes.values().stream())
        .filter(lane -> !lane.tasks.isEmpty() && !lane.unplaceable())
        // The first of a lane came first, or was returned to it and keeps its time.
        .map(lane -> lane.tasks.first().queuedAt)
        .min(Comparator.naturalOrder());
  }

  private static Optional<WaitReason> waitReason(TaskRecord task, int before) {
    if (!(task.state instanceof TaskState.Waiting(Instant since))) {
      return Optional.empty();
    }
    if (task.job.paused()) {
      return Optional.of(new WaitReason.Suspended());
    }
    Lane lane = task.lane;
    if (lane == null) {
      return Optional.of(new WaitReason.Backoff(since));
    }
    if (lane.unplaceable() && lane.blocked != null) {
      return Optional.of(lane.blocked);
    }
    if (task.job.atLimit()) {
      return Optional.of(new WaitReason.Parallelism(task.job.spec.parallelism().orElse(0)));
    }
    return Optional.of(lane.blocked == null ? new WaitReason.QueuedBehind(before) : lane.blocked);
  }

  private static JobView view(JobRecord job, List<JobView.TaskView> tasks) {
    int queued = 0;
    int unplaceable = 0;
    for (Lane lane : job.lanes.values()) {
      queued += lane.tasks.size();
      unplaceable += lane.unplaceable() && !job.paused() ? lane.tasks.size() : 0;
    }
    int running = 0;
    if (job.active > 0) {
      for (TaskRecord task : job.tasks) {
        running += task.state instanceof TaskState.Running ? 1 : 0;
      }
    }
    int dropped = job.tasks.length - job.waiting - job.active - job.succeeded - job.failed;
    Optional<Event.JobEnded> end = Optional.ofNullable(job.end);
    return new JobView(
        job.uid,
        job.spec,
        job.state(),
        new JobView.Counts(
            job.waiting,
            unplaceable,
            job.waiting - queued,
            job.active - running,
            running,
            job.succeeded,
            job.failed,
            dropped),
        job.acceptedAt,
        end.map(Event.JobEnded::at),
        end.map(Event.JobEnded::reason),
        end.map(Event.JobEnded::message),
        tasks);
  }

  private WorkerView view(WorkerRecord worker) {
    return new WorkerView(
        worker.id,
        worker.state(),
        worker.seen,
        Optional.ofNullable(worker.request),
        worker.leases.values().stream()
            .filter(lease -> !lease.running())
            .map(lease -> lease.attempt)
            .toList(),
        worker.leases.values().stream().filter(Lease::running).map(lease -> lease.attempt).toList(),
        breakers.state(worker.id).name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }
}
