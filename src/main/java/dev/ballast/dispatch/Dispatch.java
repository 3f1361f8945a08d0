package dev.ballast.dispatch;

import dev.ballast.balancer.BrowserView;
import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Factor;
import dev.ballast.balancer.Fleet;
import dev.ballast.balancer.PlacementPolicy;
import dev.ballast.balancer.WaitReason;
import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Outcome;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.TaskId;
import dev.ballast.model.TestModel;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The life of jobs, tasks and attempts as one deterministic state machine, for one thread. A {@link
 * Command} at a time goes in; the events it causes and the replies that may be told once they are
 * durable come out. What must survive is the fold of the events; workers, leases and breakers are
 * learned again from the workers.
 *
 * <p>An attempt may be run, and its result accepted, only under a {@link Lease}. There is at most
 * one for a task, of the present epoch, at one worker: that is what keeps a late or stale worker
 * out.
 */
public final class Dispatch {
  private static final Duration LOST_WORKER_REMEMBERED = Duration.ofMinutes(10);
  private static final int DECISIONS_REMEMBERED = 10_000;

  private final PlacementPolicy policy;
  private final DispatchSettings settings;
  private final RandomGenerator random;

  private final Map<String, JobRecord> jobs = new LinkedHashMap<>();

  private final Map<WorkerId, WorkerRecord> workers = new TreeMap<>();
  private final Map<WorkerId, Breaker> workerBreakers = new HashMap<>();
  private final Map<PoolCombination, Breaker> poolBreakers = new HashMap<>();
  private final PriorityQueue<Delayed> delayed =
      new PriorityQueue<>(
          Comparator.comparing(Delayed::until)
              .thenComparingLong(entry -> entry.task().job.order)
              .thenComparingInt(entry -> entry.task().index));
  private final Map<TaskId, Decision.Placed> decisions = new LinkedHashMap<>();

  private long epoch;
  private boolean reigning;
  private Instant now = Instant.MIN;
  private Instant wakeAt = Instant.MAX;
  private boolean placementDue;
  private @Nullable Fleet fleet;
  private long refusedResults;

  private List<Event> events = new ArrayList<>();
  private List<Reply> replies = new ArrayList<>();

  /** What one command caused. */
  public record Step(List<Event> events, List<Reply> replies) {
    public Step {
      events = List.copyOf(events);
      replies = List.copyOf(replies);
    }
  }

  private record PoolCombination(String pool, BrowserView.Combination combination) {}

  private record Delayed(Instant until, TaskRecord task) {}

  public Dispatch(PlacementPolicy policy, DispatchSettings settings, RandomGenerator random) {
    this.policy = policy;
    this.settings = settings;
    this.random = random;
  }

  /**
   * Starts to decide, after the journal was applied. Attempts of older epochs are void: their tasks
   * wait again. Those of this very epoch (after a failed write) go on, if their workers still know
   * of them.
   *
   * @param held unfinished jobs, by uid, that wait until they are resumed by name
   */
  public void reign(long newEpoch, Instant at, Predicate<String> held) {
    epoch = newEpoch;
    now = at;
    reigning = true;
    for (JobRecord job : jobs.values()) {
      if (job.ended()) {
        continue;
      }
      job.held = held.test(job.uid);
      for (TaskRecord task : job.tasks) {
        switch (task.state) {
          case TaskState.Bound bound when bound.attempt().epoch() == epoch -> {
            WorkerRecord worker =
                workers.computeIfAbsent(bound.worker(), id -> new WorkerRecord(id, at));
            Lease lease = new Lease(bound.attempt(), task, worker, bound.backend(), bound.at(), 0);
            lease.delivered = true;
            task.lease = lease;
            worker.leases.put(lease.attempt, lease);
            wakeAtLatest(at.plus(settings.lease()));
          }
          case TaskState.Bound _, TaskState.Running _ -> wait(task, at);
          case TaskState.Waiting _ -> enqueue(task);
          case TaskState.Done _, TaskState.Dropped _ -> {
            // Nothing waits.
          }
        }
      }
      job.deadline().ifPresent(this::wakeAtLatest);
    }
    placementDue = true;
  }

  /** Does one command. The clock never goes back here, whatever the machine's does. */
  public Step handle(Command command, Instant at) {
    if (!reigning) {
      throw new IllegalStateException("reign(epoch, now) comes before the first command");
    }
    events = new ArrayList<>();
    replies = new ArrayList<>();
    advance(at);
    switch (command) {
      case Command.SubmitJob submit -> submit(submit);
      case Command.ResumeJob resume -> resume(resume);
      case Command.Sync sync -> sync(sync);
      case Command.CancelJob cancel -> cancel(cancel);
      case Command.ChangeJob change -> change(change);
      case Command.DrainWorker drain -> drain(drain);
      case Command.WorkerGone gone -> gone(gone);
      case Command.Tick _ -> {
        // Only time has passed.
      }
    }
    if (!now.isBefore(wakeAt)) {
      expire();
    }
    place();
    answerParked();
    return new Step(events, replies);
  }

  /** When a {@link Command.Tick} is due at the latest; {@link Instant#MAX}: never. */
  public Instant nextDeadline() {
    return wakeAt;
  }

  public long epoch() {
    return epoch;
  }

  /** Results that came from no holder of a lease: late, repeated, or of an older epoch. */
  public long refusedResults() {
    return refusedResults;
  }

  // ---------------------------------------------------------------- the durable part

  /** Folds an event into the state: the same for a replayed and for a fresh one. */
  public void apply(Event event) {
    switch (event) {
      case Event.JobAccepted accepted -> accept(accepted);
      case Event.AttemptBound bound -> {
        TaskRecord task = task(bound.attempt());
        task.attempts = bound.attempt().number();
        task.job.everBound = true;
        dequeue(task);
        task.job.move(
            task,
            new TaskState.Bound(bound.attempt(), bound.worker(), bound.backend(), bound.at()));
      }
      case Event.AttemptReturned returned -> wait(task(returned.attempt()), returned.at());
      case Event.AttemptEnded ended -> end(ended);
      case Event.JobChanged changed -> {
        JobRecord job = job(changed.uid());
        job.change(changed);
        job.deadline().ifPresent(this::wakeAtLatest);
        placementDue = true;
      }
      case Event.JobEnded ended -> end(ended);
    }
  }

  private void accept(Event.JobAccepted accepted) {
    JobRecord job = new JobRecord(accepted.uid(), jobs.size(), accepted.job(), accepted.at());
    jobs.put(job.uid, job);
    if (reigning) {
      for (TaskRecord task : job.tasks) {
        enqueue(task);
      }
      job.deadline().ifPresent(this::wakeAtLatest);
    }
  }

  private void end(Event.AttemptEnded ended) {
    AttemptResult result = ended.result();
    TaskRecord task = task(result.attemptId());
    if (ended.retryAt().isEmpty()) {
      task.job.move(task, new TaskState.Done(result.attemptId(), result.outcome()));
      return;
    }
    if (result.outcome() != Outcome.CANCELLED) {
      task.avoid(new WorkerId(result.worker()));
    }
    if (counts(result.outcome())) {
      task.failures++;
    }
    wait(task, ended.retryAt().get());
  }

  private void end(Event.JobEnded ended) {
    JobRecord job = job(ended.uid());
    job.end = ended;
    for (TaskRecord task : job.tasks) {
      if (task.state instanceof TaskState.Done) {
        continue;
      }
      dequeue(task);
      job.move(task, new TaskState.Dropped());
      if (task.lease != null) {
        abandon(task.lease);
      }
    }
    job.lanes.clear();
  }

  private void wait(TaskRecord task, Instant since) {
    task.queuedAt = since;
    task.job.move(task, new TaskState.Waiting(since));
    if (reigning) {
      enqueue(task);
    }
  }

  private void enqueue(TaskRecord task) {
    if (task.state instanceof TaskState.Waiting(Instant since) && since.isAfter(now)) {
      delayed.add(new Delayed(since, task));
      wakeAtLatest(since);
      return;
    }
    Lane.Key key =
        new Lane.Key(modelIndex(task), task.backend(), task.cell().browser(), task.avoid);
    Lane lane = task.job.lanes.computeIfAbsent(key, Lane::new);
    lane.tasks.add(task);
    task.lane = lane;
    placementDue = true;
  }

  private static void dequeue(TaskRecord task) {
    Lane lane = task.lane;
    if (lane != null) {
      lane.tasks.remove(task);
      if (lane.tasks.isEmpty()) {
        task.job.lanes.remove(lane.key);
      }
      task.lane = null;
    }
  }

  private static int modelIndex(TaskRecord task) {
    return task.index / (task.job.tasks.length / task.job.spec.models().size());
  }

  private void emit(Event event) {
    events.add(event);
    apply(event);
  }

  // ---------------------------------------------------------------- jobs

  private void submit(Command.SubmitJob command) {
    JobSpec spec = command.job();
    Optional<JobRecord> same = unfinished(spec.namespace(), spec.name());
    if (same.isPresent()) {
      refuse(
          command.ticket(),
          DispatchException.Code.JOB_UNFINISHED,
          "job \"%s\" of namespace \"%s\" is unfinished (uid %s). Maybe resume or cancel it?"
              .formatted(spec.name(), spec.namespace(), same.get().uid));
      return;
    }
    emit(new Event.JobAccepted(command.uid(), spec, now));
    replies.add(new Reply.Job(command.ticket(), command.uid()));
  }

  private void resume(Command.ResumeJob command) {
    Optional<JobRecord> found = unfinished(command.namespace(), command.name());
    if (found.isEmpty()) {
      refuse(
          command.ticket(),
          DispatchException.Code.NO_SUCH_JOB,
          "no unfinished job \"%s\" in namespace \"%s\""
              .formatted(command.name(), command.namespace()));
      return;
    }
    JobRecord job = found.get();
    if (job.held) {
      job.held = false;
      job.activeSince = now;
      job.deadline().ifPresent(this::wakeAtLatest);
      placementDue = true;
    }
    replies.add(new Reply.Job(command.ticket(), job.uid));
  }

  private void cancel(Command.CancelJob command) {
    JobRecord job = unfinishedOrRefuse(command.ticket(), command.uid());
    if (job != null) {
      emit(
          new Event.JobEnded(job.uid, Event.JobEnd.CANCELLED, "Cancelled", command.message(), now));
      replies.add(new Reply.Done(command.ticket()));
    }
  }

  private void change(Command.ChangeJob command) {
    JobRecord job = unfinishedOrRefuse(command.ticket(), command.uid());
    if (job == null) {
      return;
    }
    Command.JobChange change = command.change();
    Optional<Integer> present = job.spec.parallelism().stream().boxed().findFirst();
    boolean suspend = change.suspend().orElse(job.spec.suspend());
    emit(
        new Event.JobChanged(
            job.uid,
            suspend,
            change.parallelism().or(() -> present),
            change.priority().orElse(job.spec.priority()),
            now));
    if (suspend) {
      for (TaskRecord task : job.tasks) {
        askBack(task.lease);
      }
    }
    replies.add(new Reply.Done(command.ticket()));
  }

  /** Ends the job if the end of a task has decided it. */
  private void settle(JobRecord job) {
    if (job.ended()) {
      return;
    }
    if (job.spec.maxFailedIndexes().isPresent()
        && job.failed > job.spec.maxFailedIndexes().getAsInt()) {
      emit(
          new Event.JobEnded(
              job.uid,
              Event.JobEnd.FAILED,
              "MaxFailedIndexesExceeded",
              "%d tasks failed, at most %d may"
                  .formatted(job.failed, job.spec.maxFailedIndexes().getAsInt()),
              now));
    } else if (job.succeeded == job.tasks.length) {
      emit(
          new Event.JobEnded(
              job.uid,
              Event.JobEnd.COMPLETE,
              "CompletionsReached",
              "all %d tasks succeeded".formatted(job.succeeded),
              now));
    } else if (job.succeeded + job.failed == job.tasks.length) {
      emit(
          new Event.JobEnded(
              job.uid,
              Event.JobEnd.FAILED,
              "FailedIndexes",
              "%d of %d tasks failed".formatted(job.failed, job.tasks.length),
              now));
    }
  }

  // ---------------------------------------------------------------- workers

  private void sync(Command.Sync command) {
    SyncRequest request = command.request();
    WorkerRecord worker =
        workers.computeIfAbsent(request.worker(), id -> new WorkerRecord(id, now));
    SyncRequest before = worker.request;
    boolean restarted = before != null && !before.incarnation().equals(request.incarnation());
    if (worker.formerIncarnations.contains(request.incarnation())
        || (before != null && !restarted && request.sequence() < before.sequence())) {
      refuse(
          command.ticket(),
          DispatchException.Code.STALE_SYNC,
          "exchange %d of %s is older than what was seen of that worker"
              .formatted(request.sequence(), request.worker()));
      return;
    }
    answer(worker, List.of());
    if (restarted && before != null) {
      worker.retireIncarnation(before.incarnation());
      worker.drainTold = false;
      worker.draining = false;
      worker.told.clear();
    }
    worker.seen = now;
    worker.lost = false;
    wakeAtLatest(now.plus(settings.lease()));

    List<AttemptId> acknowledged = new ArrayList<>();
    for (AttemptReport report : request.reports()) {
      acknowledged.add(report.result().attemptId());
      result(report.result(), worker);
    }
    if (restarted) {
      loseAll(worker, "the worker was restarted");
    }
    worker.request = request;
    fleet = null;
    placementDue = true;
    for (AttemptId attempt : request.returned()) {
      Lease lease = worker.leases.get(attempt);
      if (lease != null && !lease.running()) {
        giveBack(lease);
      }
    }
    reconcile(worker, request, acknowledged);
    if (request.draining()) {
      askBackAll(worker);
    }
    place();
    SyncResponse response = response(worker, acknowledged);
    if (request.waitMillis() <= 0 || news(worker, response)) {
      worker.parked = new WorkerRecord.Parked(command.ticket(), now);
      answer(worker, acknowledged);
    } else {
      // The worker must be heard of again before it counts as lost, so it is not held longer.
      long heldMillis = Math.min(request.waitMillis(), settings.heartbeat().toMillis());
      worker.parked = new WorkerRecord.Parked(command.ticket(), now.plusMillis(heldMillis));
      wakeAtLatest(worker.parked.until());
    }
  }

  /** Takes over what the worker says it holds. */
  private void reconcile(WorkerRecord worker, SyncRequest request, List<AttemptId> reported) {
    Set<AttemptId> holds = new LinkedHashSet<>(request.started());
    for (AttemptId attempt : request.started()) {
      Lease lease = worker.leases.get(attempt);
      if (lease != null && !lease.running()) {
        start(lease);
      }
    }
    for (Lease lease : List.copyOf(worker.leases.values())) {
      if (lease.running() && !holds.contains(lease.attempt)) {
        lose(lease, "the worker no longer runs it and has no result of it");
      }
    }
    holds.addAll(request.notStarted());
    worker.voided.clear();
    for (AttemptId attempt : holds) {
      Lease lease = worker.leases.get(attempt);
      if (lease != null) {
        lease.delivered = true;
      } else if (!reported.contains(attempt)) {
        worker.voided.add(attempt);
      }
    }
    worker.told.removeIf(
        attempt -> !worker.voided.contains(attempt) && !worker.leases.containsKey(attempt));
  }

  private void start(Lease lease) {
    lease.startedAt = now;
    lease.revoked = false;
    lease.task.job.move(
        lease.task,
        new TaskState.Running(lease.attempt, lease.worker.id, lease.backend, lease.boundAt, now));
  }

  /** Accepts a result if its worker holds the lease for it; any other is void. */
  private void result(AttemptResult result, WorkerRecord worker) {
    Lease lease = worker.leases.get(result.attemptId());
    if (lease == null) {
      refusedResults++;
      return;
    }
    end(lease, Results.accepted(result, lease, now));
  }

  private void end(Lease lease, AttemptResult result) {
    TaskRecord task = lease.task;
    release(lease);
    emit(new Event.AttemptEnded(result, retryAt(task, result.outcome()), now));
    judge(lease, sign(result.outcome()), poolSign(result.outcome()));
    settle(task.job);
  }

  private Optional<Instant> retryAt(TaskRecord task, Outcome outcome) {
    if (outcome == Outcome.SUCCEEDED) {
      return Optional.empty();
    }
    if (!counts(outcome)) {
      return Optional.of(now);
    }
    return task.retriesAfterFailure()
        ? Optional.of(now.plus(backoff(task.failures)))
        : Optional.empty();
  }

  /** Doubles with each failure; half of it is random, so that tasks that failed together part. */
  private Duration backoff(int earlierFailures) {
    double full =
        Math.min(
            (double) settings.backoffMax().toMillis(),
            settings.backoffBase().toMillis() * Math.pow(2, earlierFailures));
    return Duration.ofMillis(Math.round(full / 2 + full / 2 * random.nextDouble()));
  }

  /** A worker that was lost, or an attempt that was stopped, says nothing against the task. */
  private static boolean counts(Outcome outcome) {
    return switch (outcome) {
      case FAILED, TIMED_OUT, CRASHED, HUNG, OUT_OF_MEMORY, DEVICE_LOST -> true;
      case SUCCEEDED, WORKER_LOST, CANCELLED -> false;
    };
  }

  private void drain(Command.DrainWorker command) {
    WorkerRecord worker = workers.get(command.worker());
    if (worker == null || worker.lost) {
      refuse(
          command.ticket(),
          DispatchException.Code.NO_SUCH_WORKER,
          "no worker \"%s\" is connected".formatted(command.worker()));
      return;
    }
    worker.draining = true;
    fleet = null;
    placementDue = true;
    askBackAll(worker);
    replies.add(new Reply.Done(command.ticket()));
  }

  private void gone(Command.WorkerGone command) {
    WorkerRecord worker = workers.remove(command.worker());
    if (worker != null) {
      worker.lost = true;
      answer(worker, List.of());
      loseAll(worker, "the worker is gone");
      fleet = null;
      placementDue = true;
    }
    replies.add(new Reply.Done(command.ticket()));
  }

  private void loseAll(WorkerRecord worker, String message) {
    for (Lease lease : List.copyOf(worker.leases.values())) {
      if (lease.running()) {
        lose(lease, message);
      } else if (worker.leases.containsKey(lease.attempt)) {
        giveBack(lease);
      }
    }
    worker.voided.clear();
  }

  private void lose(Lease lease, String message) {
    if (lease.worker.leases.containsKey(lease.attempt)) {
      end(lease, Results.lost(lease, now, message));
    }
  }

  // ---------------------------------------------------------------- leases

  private void bind(TaskRecord task, Decision.Placed decision) {
    WorkerRecord worker =
        workers.computeIfAbsent(
            decision.chosen().worker(),
            id -> {
              throw new IllegalStateException(
                  "the policy chose %s, which is not there".formatted(id));
            });
    AttemptId attempt = task.nextAttempt(epoch);
    emit(new Event.AttemptBound(attempt, worker.id, decision.chosen().backend(), now));
    Map<Factor, Double> seconds = decision.chosen().seconds();
    double expected =
        seconds.getOrDefault(Factor.AFFINITY, 0.0) + seconds.getOrDefault(Factor.HISTORY, 0.0);
    Lease lease = new Lease(attempt, task, worker, decision.chosen().backend(), now, expected);
    task.lease = lease;
    worker.leases.put(attempt, lease);
    fleet = null;
    for (Breaker breaker : breakers(lease)) {
      // A half-open breaker has its one task now.
      breaker.bound(attempt, now);
    }
    decisions.put(task.id(), decision);
    if (decisions.size() > DECISIONS_REMEMBERED) {
      decisions.remove(decisions.keySet().iterator().next());
    }
  }

  /** Asks for a bound attempt back. One that runs is left alone. */
  private void askBack(@Nullable Lease lease) {
    if (lease == null || lease.running()) {
      return;
    }
    if (lease.delivered) {
      lease.revoked = true;
    } else {
      giveBack(lease);
    }
  }

  private void askBackAll(WorkerRecord worker) {
    for (Lease lease : List.copyOf(worker.leases.values())) {
      askBack(lease);
    }
  }

  /** A bound attempt will certainly not start at its worker: its task waits again. */
  private void giveBack(Lease lease) {
    release(lease);
    emit(new Event.AttemptReturned(lease.attempt, now));
    judge(lease, Breaker.Sign.NEUTRAL, Breaker.Sign.NEUTRAL);
  }

  /** The job has ended: whatever the worker does with the attempt is void. */
  private void abandon(Lease lease) {
    release(lease);
    if (lease.delivered) {
      lease.worker.voided.add(lease.attempt);
    }
    judge(lease, Breaker.Sign.NEUTRAL, Breaker.Sign.NEUTRAL);
  }

  private void release(Lease lease) {
    lease.worker.leases.remove(lease.attempt);
    lease.task.lease = null;
    fleet = null;
    placementDue = true;
  }

  // ---------------------------------------------------------------- breakers

  private List<Breaker> breakers(Lease lease) {
    List<Breaker> both = new ArrayList<>(2);
    both.add(workerBreaker(lease.worker.id));
    if (lease.worker.request != null) {
      both.add(poolBreaker(lease.worker.request.pool(), lease.combination()));
    }
    return both;
  }

  private Breaker workerBreaker(WorkerId worker) {
    return workerBreakers.computeIfAbsent(worker, _ -> new Breaker(settings.breaker()));
  }

  private Breaker poolBreaker(String pool, BrowserView.Combination combination) {
    return poolBreakers.computeIfAbsent(
        new PoolCombination(pool, combination), _ -> new Breaker(settings.breaker()));
  }

  private void judge(Lease lease, Breaker.Sign workerSign, Breaker.Sign poolSign) {
    Breaker own = workerBreaker(lease.worker.id);
    boolean changed = own.ended(lease.attempt, workerSign, now);
    if (changed) {
      own.reopensAt().ifPresent(this::wakeAtLatest);
      if (own.state(now) == Breaker.State.OPEN) {
        askBackAll(lease.worker);
      }
    }
    if (lease.worker.request != null) {
      Breaker pool = poolBreaker(lease.worker.request.pool(), lease.combination());
      if (pool.ended(lease.attempt, poolSign, now)) {
        pool.reopensAt().ifPresent(this::wakeAtLatest);
        changed = true;
      }
    }
    if (changed) {
      fleet = null;
      placementDue = true;
    }
  }

  /** What an outcome says of the browser that had it. */
  private static Breaker.Sign sign(Outcome outcome) {
    return switch (outcome) {
      case SUCCEEDED -> Breaker.Sign.SOUND;
      case TIMED_OUT, CRASHED, HUNG, OUT_OF_MEMORY, DEVICE_LOST, WORKER_LOST -> Breaker.Sign.SICK;
      case FAILED, CANCELLED -> Breaker.Sign.NEUTRAL;
    };
  }

  /** What an outcome says of family and backend in the whole pool: nothing, if a machine died. */
  private static Breaker.Sign poolSign(Outcome outcome) {
    return outcome == Outcome.WORKER_LOST ? Breaker.Sign.NEUTRAL : sign(outcome);
  }

  // ---------------------------------------------------------------- time

  private void advance(Instant at) {
    if (!at.isAfter(now)) {
      return;
    }
    // Had we been running we would have ticked by then: it was us who slept, not the workers.
    if (now.isAfter(Instant.MIN)
        && Duration.between(now, at).compareTo(settings.lease().plus(settings.heartbeat())) > 0) {
      for (WorkerRecord worker : workers.values()) {
        worker.seen = at;
      }
    }
    now = at;
  }

  private void wakeAtLatest(Instant deadline) {
    if (deadline.isBefore(wakeAt)) {
      wakeAt = deadline;
    }
  }

  private void expire() {
    for (WorkerRecord worker : List.copyOf(workers.values())) {
      if (!worker.lost && !now.isBefore(worker.seen.plus(settings.lease()))) {
        worker.lost = true;
        fleet = null;
        placementDue = true;
        answer(worker, List.of());
        loseAll(
            worker,
            "nothing was heard of the worker for %d s".formatted(settings.lease().toSeconds()));
      } else if (worker.lost && !now.isBefore(worker.seen.plus(LOST_WORKER_REMEMBERED))) {
        workers.remove(worker.id);
        workerBreakers.remove(worker.id);
      }
    }
    for (JobRecord job : List.copyOf(jobs.values())) {
      Optional<Instant> deadline = job.deadline();
      if (deadline.isPresent() && !now.isBefore(deadline.get())) {
        emit(
            new Event.JobEnded(
                job.uid,
                Event.JobEnd.FAILED,
                "DeadlineExceeded",
                "%d of %d tasks had succeeded when the job's deadline passed"
                    .formatted(job.succeeded, job.tasks.length),
                now));
      }
    }
    while (!delayed.isEmpty() && !delayed.peek().until().isAfter(now)) {
      Delayed entry = delayed.remove();
      TaskRecord task = entry.task();
      if (task.state instanceof TaskState.Waiting && task.lane == null) {
        enqueue(task);
      }
    }
    wakeAt = Instant.MAX;
    if (!delayed.isEmpty()) {
      wakeAtLatest(delayed.peek().until());
    }
    for (WorkerRecord worker : workers.values()) {
      if (worker.parked != null) {
        wakeAtLatest(worker.parked.until().isAfter(now) ? worker.parked.until() : Instant.MAX);
      }
      wakeAtLatest(worker.seen.plus(worker.lost ? LOST_WORKER_REMEMBERED : settings.lease()));
    }
    for (JobRecord job : jobs.values()) {
      job.deadline().ifPresent(this::wakeAtLatest);
    }
    wakeForBreakers(workerBreakers.values());
    wakeForBreakers(poolBreakers.values());
  }

  private void wakeForBreakers(Iterable<Breaker> breakers) {
    for (Breaker breaker : breakers) {
      Breaker.State before = breaker.reopensAt().isPresent() ? Breaker.State.OPEN : null;
      if (before != null && breaker.state(now) != Breaker.State.OPEN) {
        fleet = null;
        placementDue = true;
      }
      breaker.reopensAt().ifPresent(this::wakeAtLatest);
    }
  }

  // ---------------------------------------------------------------- placement

  private void place() {
    if (!placementDue) {
      return;
    }
    placementDue = false;
    List<Turn> turns = new ArrayList<>();
    for (JobRecord job : jobs.values()) {
      if (!job.ended() && !job.paused() && !job.lanes.isEmpty()) {
        turns.add(new Turn(job));
      }
    }
    while (!turns.isEmpty()) {
      Turn turn = turns.stream().min(Turn.ORDER).orElseThrow();
      Lane lane = turn.job.atLimit() ? null : turn.lanes.poll();
      if (lane == null) {
        turns.remove(turn);
        continue;
      }
      TaskRecord task = lane.tasks.first();
      switch (policy.place(view(task), fleet())) {
        case Decision.Placed placed -> {
          lane.last = null;
          bind(task, placed);
          if (!lane.tasks.isEmpty()) {
            turn.lanes.add(lane);
          }
        }
        case Decision.Waits waits -> lane.last = waits;
      }
    }
  }

  /** A job's part in one round of placement: the lanes that may still find a place. */
  private static final class Turn {
    /** Priority first, then the job that has the least for its weight, then the older one. */
    static final Comparator<Turn> ORDER =
        Comparator.comparingInt((Turn turn) -> -turn.job.spec.priority())
            .thenComparingDouble(
                turn -> (turn.job.active + 1.0) / Math.max(1, turn.job.spec.weight()))
            .thenComparingLong(turn -> turn.job.order);

    final JobRecord job;
    final PriorityQueue<Lane> lanes =
        new PriorityQueue<>(Comparator.comparingInt((Lane lane) -> lane.tasks.first().rank));

    Turn(JobRecord job) {
      this.job = job;
      this.lanes.addAll(job.lanes.values());
    }
  }

  private static dev.ballast.balancer.TaskView view(TaskRecord task) {
    TestModel model = task.cell().model();
    return new dev.ballast.balancer.TaskView(
        model.name(),
        model.family(),
        task.job.spec.poolSelector(),
        task.backend(),
        task.cell().browser(),
        task.job.spec.requirements(),
        task.avoid);
  }

  private Fleet fleet() {
    Fleet present = fleet;
    if (present == null) {
      List<BrowserView> views = new ArrayList<>(workers.size());
      for (WorkerRecord worker : workers.values()) {
        if (worker.takesTasks() && worker.request != null) {
          views.add(view(worker, worker.request));
        }
      }
      present = new Fleet(views);
      fleet = present;
    }
    return present;
  }

  private BrowserView view(WorkerRecord worker, SyncRequest request) {
    Set<BrowserView.Combination> broken = new HashSet<>();
    poolBreakers.forEach((key, breaker) -> {
      if (key.pool().equals(request.pool()) && !breaker.admits(now)) {
        broken.add(key.combination());
      }
    });
    Breaker own = workerBreakers.get(worker.id);
    int held = worker.leases.size() + worker.voided.size();
    // A browser that is being restarted stays in the fleet, so that its tasks wait for it instead
    // of being called unplaceable; it has no place for them yet.
    int occupied =
        request.metrics().healthy() ? held : Math.max(held, request.slots() + settings.prefetch());
    return new BrowserView(
        worker.id,
        request.pool(),
        request.poolLabels(),
        request.browser().kind(),
        request.browser().version(),
        request.capability().backends(),
        request.capability().adapter(),
        request.slots(),
        settings.prefetch(),
        occupied,
        Set.copyOf(request.metrics().residentModels()),
        request.capability().memoryBytes(),
        request.metrics().memoryBytes(),
        request.metrics().utilizationRatio(),
        occupied < request.slots() ? 0 : waitSeconds(worker, request.slots()),
        own != null && !own.admits(now),
        broken);
  }

  private double waitSeconds(WorkerRecord worker, int slots) {
    double seconds = 0;
    for (Lease lease : worker.leases.values()) {
      Instant startedAt = lease.startedAt;
      double elapsed = startedAt == null ? 0 : Duration.between(startedAt, now).toMillis() / 1000.0;
      // What is overdue will not end at once either.
      seconds += Math.max(0.15 * lease.expectedSeconds, lease.expectedSeconds - elapsed);
    }
    return seconds / slots;
  }

  // ---------------------------------------------------------------- answers

  private SyncResponse response(WorkerRecord worker, List<AttemptId> acknowledged) {
    SyncRequest request = worker.request;
    Set<AttemptId> known = new HashSet<>();
    if (request != null) {
      known.addAll(request.started());
      known.addAll(request.notStarted());
    }
    List<Assignment> assignments = new ArrayList<>();
    List<AttemptId> revocations = new ArrayList<>();
    for (Lease lease : worker.leases.values()) {
      if (lease.revoked) {
        revocations.add(lease.attempt);
      } else if (!lease.running() && !known.contains(lease.attempt)) {
        assignments.add(assignment(lease));
      }
    }
    return new SyncResponse(
        epoch,
        acknowledged,
        assignments,
        revocations,
        List.copyOf(worker.voided),
        worker.draining,
        settings.heartbeat().toMillis());
  }

  private static Assignment assignment(Lease lease) {
    JobSpec spec = lease.task.job.spec;
    Optional<Backend> asked = lease.task.cell().backend();
    return new Assignment(
        lease.attempt,
        spec.namespace(),
        spec.name(),
        lease.task.cell().model(),
        lease.backend,
        asked.isEmpty(),
        spec.run(),
        spec.fallbackBackends());
  }

  /** Whether the answer holds what the worker cannot know yet: else it may be held back. */
  private static boolean news(WorkerRecord worker, SyncResponse response) {
    return !response.acknowledged().isEmpty()
        || !response.assignments().isEmpty()
        || !worker.told.containsAll(response.revocations())
        || !worker.told.containsAll(response.cancellations())
        || (response.drain() && !worker.drainTold);
  }

  private void answer(WorkerRecord worker, List<AttemptId> acknowledged) {
    WorkerRecord.Parked parked = worker.parked;
    if (parked == null) {
      return;
    }
    worker.parked = null;
    SyncResponse response = response(worker, acknowledged);
    worker.told.addAll(response.revocations());
    worker.told.addAll(response.cancellations());
    worker.drainTold |= response.drain();
    for (Lease lease : worker.leases.values()) {
      lease.delivered = true;
    }
    replies.add(new Reply.Synced(parked.ticket(), response));
  }

  private void answerParked() {
    for (WorkerRecord worker : workers.values()) {
      WorkerRecord.Parked parked = worker.parked;
      if (parked != null
          && (!now.isBefore(parked.until()) || news(worker, response(worker, List.of())))) {
        answer(worker, List.of());
      }
    }
  }

  private void refuse(long ticket, DispatchException.Code code, String message) {
    replies.add(new Reply.Refused(ticket, code, message));
  }

  // ---------------------------------------------------------------- views

  /** Every job without its tasks, the oldest first. */
  public List<JobView> jobs() {
    return jobs.values().stream().map(job -> view(job, List.of())).toList();
  }

  /** A job with its tasks. */
  public Optional<JobView> find(String uid) {
    JobRecord job = jobs.get(uid);
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

  /** Where a task was placed, or why it waits. Absent when that is no longer remembered. */
  public Optional<Decision> decision(String uid, int index) {
    JobRecord job = jobs.get(uid);
    if (job == null || index < 0 || index >= job.tasks.length) {
      return Optional.empty();
    }
    TaskRecord task = job.tasks[index];
    if (task.state instanceof TaskState.Waiting) {
      int before = task.lane == null ? 0 : task.lane.tasks.headSet(task).size();
      Decision.Waits last = task.lane == null ? null : task.lane.last;
      return waitReason(task, before)
          .map(reason -> new Decision.Waits(reason, last == null ? List.of() : last.candidates()));
    }
    return Optional.ofNullable(decisions.get(task.id()));
  }

  /** Unfinished jobs that wait to be resumed by name. */
  Set<String> held() {
    Set<String> held = new HashSet<>();
    jobs.values().stream().filter(job -> job.held).forEach(job -> held.add(job.uid));
    return held;
  }

  public List<WorkerView> workers() {
    return workers.values().stream().map(this::view).toList();
  }

  /** The browsers that take tasks now, as the next decision will see them. */
  public Fleet fleetNow() {
    return fleet();
  }

  private Optional<WaitReason> waitReason(TaskRecord task, int before) {
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
    if (lane.unplaceable() && lane.last != null) {
      return Optional.of(lane.last.reason());
    }
    if (task.job.atLimit()) {
      return Optional.of(new WaitReason.Parallelism(task.job.spec.parallelism().orElse(0)));
    }
    return Optional.of(
        lane.last == null || lane.last.reason() instanceof WaitReason.QueuedBehind
            ? new WaitReason.QueuedBehind(before)
            : lane.last.reason());
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
    Breaker breaker = workerBreakers.get(worker.id);
    Breaker.State state = breaker == null ? Breaker.State.CLOSED : breaker.state(now);
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
        state.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** The durable part as text, as the reign {@code ofEpoch} sees it: equal for equal folds. */
  String durableState(long ofEpoch) {
    StringBuilder text = new StringBuilder();
    for (JobRecord job : jobs.values()) {
      text.append(job.uid).append(' ').append(job.spec).append(' ').append(job.end).append('\n');
      for (TaskRecord task : job.tasks) {
        text.append(
            "%d: %s attempts=%d failures=%d avoid=%s%n"
                .formatted(
                    task.index,
                    durable(task.state, ofEpoch),
                    task.attempts,
                    task.failures,
                    task.avoid.stream().sorted().toList()));
      }
    }
    return text.toString();
  }

  private static String durable(TaskState state, long ofEpoch) {
    return switch (state) {
      case TaskState.Waiting _ -> "waiting";
      case TaskState.Bound bound -> held(bound.attempt(), bound.worker(), ofEpoch);
      case TaskState.Running running -> held(running.attempt(), running.worker(), ofEpoch);
      case TaskState.Done done -> done.toString();
      case TaskState.Dropped dropped -> dropped.toString();
    };
  }

  private static String held(AttemptId attempt, WorkerId worker, long ofEpoch) {
    return attempt.epoch() < ofEpoch ? "waiting" : attempt + " at " + worker;
  }

  // ---------------------------------------------------------------- look-ups

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

  private Optional<JobRecord> unfinished(String namespace, String name) {
    return jobs.values().stream()
        .filter(job ->
            !job.ended() && job.spec.namespace().equals(namespace) && job.spec.name().equals(name))
        .findFirst();
  }

  private @Nullable JobRecord unfinishedOrRefuse(long ticket, String uid) {
    JobRecord job = jobs.get(uid);
    if (job == null) {
      refuse(ticket, DispatchException.Code.NO_SUCH_JOB, "no job has the uid %s".formatted(uid));
      return null;
    }
    if (job.ended()) {
      refuse(
          ticket,
          DispatchException.Code.JOB_ENDED,
          "job \"%s\" has ended (%s)".formatted(job.spec.name(), job.state().label()));
      return null;
    }
    return job;
  }
}
