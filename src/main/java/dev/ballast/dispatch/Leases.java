package dev.ballast.dispatch;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Factor;
import dev.ballast.model.AttemptId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may run what. There is at most one lease for a task, at one worker: a task is bound elsewhere
 * only after its lease was released, and a lease that its worker may know of is released only when
 * the worker said that it did not start.
 */
final class Leases {
  private final Ledger ledger;
  private final Roster roster;
  private final Breakers breakers;
  private final Alarm alarm;
  private final Floor floor;
  private Moves moves = Moves.NONE;

  Leases(Ledger ledger, Roster roster, Breakers breakers, Floor floor, Alarm alarm) {
    this.floor = floor;
    this.ledger = ledger;
    this.roster = roster;
    this.breakers = breakers;
    this.alarm = alarm;
  }

  /** Gives the task's next attempt to the chosen worker. */
  AttemptId bind(TaskRecord task, Decision.Placed decision, long epoch) {
    WorkerRecord worker = roster.find(decision.chosen().worker());
    if (worker == null) {
      throw new IllegalStateException(
          "the policy chose %s, which is not there".formatted(decision.chosen().worker()));
    }
    Instant now = alarm.now();
    AttemptId attempt = task.nextAttempt(epoch);
    ledger.emit(new Event.AttemptBound(attempt, worker.id, decision.chosen().backend(), now));
    Map<Factor, Double> seconds = decision.chosen().seconds();
    double expected =
        seconds.getOrDefault(Factor.AFFINITY, 0.0)
            + seconds.getOrDefault(Factor.HISTORY, 0.0)
            + seconds.getOrDefault(Factor.LOAD, 0.0);
    Lease lease = new Lease(attempt, task, worker, decision.chosen().backend(), now, expected);
    hold(lease);
    roster.filled(worker);
    breakers.bound(lease);
    return attempt;
  }

  /** The worker of an attempt of this very reign may know of it: nothing of it is void. */
  void restore(TaskState.Bound bound, TaskRecord task) {
    Lease lease =
        new Lease(
            bound.attempt(),
            task,
            roster.findOrAdd(bound.worker()),
            bound.backend(),
            bound.at(),
            0);
    lease.delivered = true;
    hold(lease);
  }

  void start(Lease lease) {
    if (lease.movingSince != null) {
      moves = moves.oneStarted();
    }
    lease.startedAt = alarm.now();
    lease.revoked = false;
    lease.movingSince = null;
    lease.task.job.move(
        lease.task,
        new TaskState.Running(
            lease.attempt, lease.worker.id, lease.backend, lease.boundAt, alarm.now()));
  }

  /** Asks for a bound attempt back. One that runs is left alone. */
  void askBack(@Nullable Lease lease) {
    if (lease == null || lease.running()) {
      return;
    }
    if (lease.delivered) {
      lease.revoked = true;
      roster.stir(lease.worker);
    } else {
      giveBack(lease);
    }
  }

  /**
   * Asks for a bound attempt back so that another browser gets it: it is bound there only when this
   * worker has said that it did not start.
   */
  void move(Lease lease) {
    if (lease.movingSince == null) {
      lease.movingSince = alarm.now();
      askBack(lease);
    }
  }

  /** The worker keeps what it was asked for: the move is off, and it stays where it is. */
  void keep(Lease lease) {
    if (lease.movingSince != null) {
      moves = moves.oneTimedOut();
      lease.movingSince = null;
      lease.revoked = false;
      roster.stir(lease.worker);
    }
  }

  void askBackAll(WorkerRecord worker) {
    for (Lease lease : List.copyOf(worker.leases.values())) {
      askBack(lease);
    }
  }

  /** A bound attempt will certainly not start at its worker: its task waits again. */
  void giveBack(Lease lease) {
    if (lease.movingSince != null) {
      moves = moves.oneCompleted();
      lease.task.movedFrom = lease.worker.id;
    }
    release(lease);
    ledger.emit(new Event.AttemptReturned(lease.attempt, alarm.now()));
    breakers.unjudged(lease);
  }

  /** The job has ended: whatever the worker does with the attempt is void. */
  void abandon(Lease lease) {
    release(lease);
    if (lease.delivered) {
      lease.worker.voided.add(lease.attempt);
      roster.stir(lease.worker);
    }
    breakers.unjudged(lease);
  }

  void release(Lease lease) {
    lease.worker.leases.remove(lease.attempt);
    lease.task.lease = null;
    Turns.took(lease.task.job, lease.expectedSeconds, lease.tookSeconds(alarm.now()));
    floor.ended(lease);
    roster.changed(lease.worker);
  }

  Moves moves() {
    return moves;
  }

  private static void hold(Lease lease) {
    lease.task.lease = lease;
    lease.worker.leases.put(lease.attempt, lease);
  }
}
