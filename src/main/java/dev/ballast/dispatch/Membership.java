package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.Incarnation;
import dev.ballast.model.SyncRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Workers come, tell what they hold, drain, and are lost when nothing is heard of them. */
final class Membership {
  private static final Duration LOST_WORKER_REMEMBERED = Duration.ofMinutes(10);

  private final DispatchSettings settings;
  private final Roster roster;
  private final Leases leases;
  private final Attempts attempts;
  private final Breakers breakers;
  private final Answers answers;
  private final Alarm alarm;

  Membership(
      DispatchSettings settings,
      Roster roster,
      Leases leases,
      Attempts attempts,
      Breakers breakers,
      Answers answers,
      Alarm alarm) {
    this.settings = settings;
    this.roster = roster;
    this.leases = leases;
    this.attempts = attempts;
    this.breakers = breakers;
    this.answers = answers;
    this.alarm = alarm;
  }

  void sync(Command.Sync command) {
    SyncRequest request = command.request();
    if (held(request).stream().anyMatch(attempt -> attempt.epoch() > answers.epoch())) {
      answers.refuse(
          command.ticket(),
          DispatchException.Code.DEPOSED,
          "%s holds attempts of a later reign than this one, %d"
              .formatted(request.worker(), answers.epoch()));
      return;
    }
    WorkerRecord worker = roster.findOrAdd(request.worker());
    SyncRequest before = worker.request;
    boolean restarted = before != null && !before.incarnation().equals(request.incarnation());
    if (worker.formerIncarnations.contains(request.incarnation())
        || (before != null && Incarnation.isOlder(request.incarnation(), before.incarnation()))
        || (before != null && !restarted && request.sequence() < before.sequence())) {
      answers.refuse(
          command.ticket(),
          DispatchException.Code.STALE_SYNC,
          "exchange %d of %s is older than what was seen of that worker"
              .formatted(request.sequence(), request.worker()));
      return;
    }
    answers.answer(worker);
    if (restarted && before != null) {
      worker.retireIncarnation(before.incarnation());
      worker.drainTold = false;
      worker.draining = false;
      worker.told.clear();
    }
    worker.seen = alarm.now();
    worker.lost = false;
    alarm.atLatest(alarm.now().plus(settings.lease()));

    List<AttemptId> acknowledged = new ArrayList<>();
    for (AttemptReport report : request.reports()) {
      acknowledged.add(report.result().attemptId());
      attempts.report(report.result(), worker);
    }
    if (restarted) {
      // After a restart of ours a late word of its former life may have been the first we heard:
      // what the worker holds now, it did not lose.
      attempts.loseAll(worker, "the worker was restarted", Set.copyOf(held(request)));
    }
    worker.request = request;
    roster.changed(worker);
    for (AttemptId attempt : request.returned()) {
      Lease lease = worker.leases.get(attempt);
      if (lease != null && !lease.running()) {
        leases.giveBack(lease);
      }
    }
    reconcile(worker, request, acknowledged);
    if (request.draining()) {
      leases.askBackAll(worker);
    }
    answers.hold(worker, command.ticket(), request.waitMillis(), acknowledged);
  }

  void drain(Command.DrainWorker command) {
    WorkerRecord worker = roster.find(command.worker());
    if (worker == null || worker.lost) {
      answers.refuse(
          command.ticket(),
          DispatchException.Code.NO_SUCH_WORKER,
          "no worker \"%s\" is connected".formatted(command.worker()));
      return;
    }
    worker.draining = true;
    roster.changed(worker);
    leases.askBackAll(worker);
    answers.give(new Reply.Done(command.ticket()));
  }

  /** Takes a bound attempt back, so that it is decided anew where it runs. */
  void move(Command.MoveTask command) {
    AttemptId attempt = command.attempt();
    for (WorkerRecord worker : roster.all()) {
      Lease lease = worker.leases.get(attempt);
      if (lease != null && !lease.running()) {
        leases.move(lease);
        answers.give(new Reply.Done(command.ticket()));
        return;
      }
    }
    answers.refuse(
        command.ticket(),
        DispatchException.Code.NOT_BOUND,
        "attempt %s is not bound: it runs, has ended, or was taken back".formatted(attempt));
  }

  void gone(Command.WorkerGone command) {
    WorkerRecord worker = roster.remove(command.worker());
    if (worker != null) {
      worker.lost = true;
      answers.answer(worker);
      attempts.loseAll(worker, "the worker is gone", Set.of());
      roster.changed(worker);
    }
    answers.give(new Reply.Done(command.ticket()));
  }

  /** It was us who slept, not the workers: none of them is silent yet. */
  void forgiveSilence() {
    for (WorkerRecord worker : roster.all()) {
      worker.seen = alarm.now();
    }
  }

  /** Loses the workers that were silent for too long. */
  void expire() {
    for (WorkerRecord worker : List.copyOf(roster.all())) {
      if (!worker.lost && !alarm.now().isBefore(worker.seen.plus(settings.lease()))) {
        worker.lost = true;
        roster.changed(worker);
        answers.answer(worker);
        attempts.loseAll(
            worker,
            "nothing was heard of the worker for %d s".formatted(settings.lease().toSeconds()),
            Set.of());
      } else if (worker.lost && !alarm.now().isBefore(worker.seen.plus(LOST_WORKER_REMEMBERED))) {
        roster.remove(worker.id);
        breakers.forget(worker.id);
      }
    }
  }

  void wake() {
    for (WorkerRecord worker : roster.all()) {
      alarm.atLatest(worker.seen.plus(worker.lost ? LOST_WORKER_REMEMBERED : settings.lease()));
    }
  }

  private static List<AttemptId> held(SyncRequest request) {
    List<AttemptId> held = new ArrayList<>(request.started());
    held.addAll(request.notStarted());
    return held;
  }

  /** Takes over what the worker says it holds. */
  private void reconcile(WorkerRecord worker, SyncRequest request, List<AttemptId> reported) {
    Set<AttemptId> holds = new LinkedHashSet<>(held(request));
    for (AttemptId attempt : request.started()) {
      Lease lease = worker.leases.get(attempt);
      if (lease != null && !lease.running()) {
        leases.start(lease);
      }
    }
    for (Lease lease : List.copyOf(worker.leases.values())) {
      if (lease.movingSince != null
          && !alarm.now().isBefore(lease.movingSince.plus(settings.lease()))) {
        leases.keep(lease);
      }
      miss(lease, holds.contains(lease.attempt));
    }
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

  /**
   * A worker that does not speak of an attempt may not have had the answer that assigned it (it is
   * given again), or cannot send its report yet. If it stays silent, it will never run it.
   */
  private void miss(Lease lease, boolean held) {
    if (held || !lease.delivered) {
      lease.missingSince = null;
    } else if (lease.missingSince == null) {
      lease.missingSince = alarm.now();
    } else if (!alarm.now().isBefore(lease.missingSince.plus(settings.lease()))) {
      if (lease.running()) {
        attempts.lose(lease, "the worker no longer runs it and has no result of it");
      } else {
        leases.giveBack(lease);
      }
    }
  }
}
