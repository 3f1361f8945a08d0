package dev.ballast.dispatch;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Fleet;
import dev.ballast.balancer.PlacementSettings;
import dev.ballast.balancer.Profiles;
import dev.ballast.balancer.TaskView;
import dev.ballast.model.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

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
  private final DispatchSettings settings;
  private final Alarm alarm = new Alarm();
  private final Floor floor;
  private final TaskQueue queue;
  private final Ledger ledger;
  private final Breakers breakers;
  private final Roster roster;
  private final Answers answers;
  private final Leases leases;
  private final Jobs jobs;
  private final Attempts attempts;
  private final Placement placement;
  private final Membership membership;
  private final Views views;
  private long epoch;

  /** What one command caused. */
  public record Step(List<Event> events, List<Decided> decisions, List<Reply> replies) {
    public Step {
      events = List.copyOf(events);
      decisions = List.copyOf(decisions);
      replies = List.copyOf(replies);
    }
  }

  /** With the default settings of the rule. */
  public Dispatch(Profiles profiles, DispatchSettings settings, RandomGenerator random) {
    this(profiles, PlacementSettings.DEFAULTS, settings, random);
  }

  public Dispatch(
      Profiles profiles,
      PlacementSettings rule,
      DispatchSettings settings,
      RandomGenerator random) {
    this.settings = settings;
    breakers = new Breakers(settings, alarm);
    floor = new Floor(profiles, rule, breakers, alarm);
    queue = new TaskQueue(floor, alarm);
    ledger = new Ledger(queue, alarm);
    roster = new Roster(settings, breakers, queue, alarm);
    answers = new Answers(settings, roster, alarm);
    leases = new Leases(ledger, roster, breakers, floor, alarm);
    jobs = new Jobs(ledger, leases, queue, answers, settings.retention(), alarm);
    attempts =
        new Attempts(ledger, leases, jobs, new Retries(settings, random), breakers, roster, alarm);
    placement = new Placement(floor, ledger, roster, leases, queue, settings, rule, alarm);
    membership = new Membership(settings, roster, leases, attempts, breakers, answers, alarm);
    views = new Views(ledger, roster, breakers, placement);
  }

  /** Tells it of every decision from now on. */
  void watch(DecisionWatch decisions) {
    placement.watch(decisions);
  }

  /** Folds an event into the state: the same for a replayed and for a fresh one. */
  public void apply(Event event) {
    ledger.apply(event);
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
    alarm.set(at);
    ledger.goLive();
    answers.reign(epoch);
    placement.reign(epoch);
    for (JobRecord job : ledger.jobs()) {
      if (!job.ended()) {
        job.held = held.test(job.uid);
        if (job.activeSince.isAfter(alarm.now())) {
          job.activeSince = alarm.now();
        }
        for (TaskRecord task : job.tasks) {
          takeOver(task);
        }
        job.deadline().ifPresent(alarm::atLatest);
      }
    }
    jobs.wake();
    queue.lookAgain();
  }

  private void takeOver(TaskRecord task) {
    switch (task.state) {
      case TaskState.Bound bound when bound.attempt().epoch() == epoch -> {
        leases.restore(bound, task);
        alarm.atLatest(alarm.now().plus(settings.lease()));
      }
      case TaskState.Bound _, TaskState.Running _ -> ledger.wait(task, alarm.now());
      case TaskState.Waiting(Instant since) -> {
        // The clock may have gone back since that was written: no backoff is longer than this.
        Instant latest = alarm.now().plus(settings.backoffMax());
        if (since.isAfter(latest)) {
          task.state = new TaskState.Waiting(latest);
        }
        queue.add(task);
      }
      case TaskState.Done _, TaskState.Dropped _ -> {
        // Nothing waits.
      }
    }
  }

  /** Does one command, and all that follows from it. */
  public Step handle(Command command, Instant at) {
    take(command, at);
    return settle(at);
  }

  /**
   * Takes a command in; what follows from it is decided, and told, by the next {@link #settle}. The
   * clock never goes back here, whatever the machine's does.
   */
  public void take(Command command, Instant at) {
    if (!ledger.live()) {
      throw new IllegalStateException("reign(epoch, now) comes before the first command");
    }
    advance(at);
    switch (command) {
      case Command.SubmitJob submit -> jobs.submit(submit);
      case Command.TakeJob take -> jobs.take(take);
      case Command.ResumeJob resume -> jobs.resume(resume);
      case Command.Sync sync -> membership.sync(sync);
      case Command.CancelJob cancel -> jobs.cancel(cancel);
      case Command.ChangeJob change -> jobs.change(change);
      case Command.DrainWorker drain -> membership.drain(drain);
      case Command.MoveTask move -> membership.move(move);
      case Command.SetBreaker change -> {
        setBreaker(change.pool(), change.breaker());
        answers.give(new Reply.Done(change.ticket()));
      }
      case Command.WorkerGone gone -> membership.gone(gone);
      case Command.Tick _ -> {
        // Only time has passed.
      }
    }
  }

  /** Decides once for all that was taken in since the last call; what came of it. */
  public Step settle(Instant at) {
    advance(at);
    if (alarm.rings()) {
      expire();
    }
    placement.place();
    answers.answerParked();
    return new Step(ledger.drain(), placement.drain(), answers.drain());
  }

  /** When a {@link Command.Tick} is due at the latest; {@link Instant#MAX}: never. */
  public Instant nextDeadline() {
    return alarm.due();
  }

  public long epoch() {
    return epoch;
  }

  /** Results that came from no holder of a lease: late, repeated, or of an older epoch. */
  public long refusedResults() {
    return attempts.refusedResults();
  }

  /** The breakers of that pool and of its workers open by these from now on. */
  void setBreaker(String pool, DispatchSettings.BreakerSettings breaker) {
    breakers.set(pool, breaker);
    roster.changed();
  }

  public Moves moves() {
    return leases.moves();
  }

  /**
   * Few events whose fold is the present state: what the journal may keep in place of all others.
   */
  public List<Event> snapshot() {
    return ledger.snapshot();
  }

  private void advance(Instant at) {
    Instant before = alarm.now();
    if (!at.isAfter(before)) {
      return;
    }
    alarm.set(at);
    // Had we been running we would have ticked by then: it was us who slept, not the workers.
    Duration patience = settings.lease().plus(settings.heartbeat());
    if (before.isAfter(Instant.MIN) && Duration.between(before, at).compareTo(patience) > 0) {
      membership.forgiveSilence();
    }
  }

  private void expire() {
    membership.expire();
    jobs.expire();
    jobs.forget();
    queue.release();
    alarm.clear();
    queue.wake();
    answers.wake();
    membership.wake();
    jobs.wake();
    if (breakers.wake()) {
      roster.changed();
    }
  }

  // ---------------------------------------------------------------- views

  /** Every job without its tasks, the oldest first. */
  public List<JobView> jobs() {
    return views.jobs();
  }

  /** A job with its tasks. */
  public Optional<JobView> find(String uid) {
    return views.job(uid);
  }

  /** How far a job is. */
  public Optional<JobProgress> progress(String uid) {
    return views.progress(uid);
  }

  /** What was expected of its last move, in seconds; empty: the rule never moved it. */
  public OptionalDouble secondsSooner(TaskId task) {
    return placement.secondsSooner(task);
  }

  /** Where a task was placed, or why it waits. Absent when that is no longer remembered. */
  public Optional<Decision> decision(String uid, int index) {
    return views.decision(uid, index);
  }

  /** Where such a task would be placed now. */
  public Decision score(TaskView task) {
    return placement.score(task);
  }

  public List<WorkerView> workers() {
    return views.workers();
  }

  /** The browsers that take tasks now, as the next decision will see them. */
  public Fleet fleetNow() {
    return roster.fleet();
  }

  public List<Queued> queued() {
    return views.queued();
  }

  /** Everything in numbers, at this moment. */
  public Pulse pulse() {
    return new Pulse(
        alarm.now(),
        views.jobs(),
        views.workers(),
        roster.fleet(),
        views.waitingSince(),
        moves(),
        refusedResults());
  }

  /** Unfinished jobs that wait to be resumed by name. */
  Set<String> held() {
    Set<String> held = new HashSet<>();
    ledger.jobs().stream().filter(job -> job.held).forEach(job -> held.add(job.uid));
    return held;
  }

  /** The durable part as text, as the reign {@code ofEpoch} sees it: equal for equal folds. */
  public String durableState(long ofEpoch) {
    return new DurableText(ofEpoch).of(ledger);
  }
}
