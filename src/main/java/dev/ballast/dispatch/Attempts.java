package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Outcome;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** How attempts end: by the one result that is accepted, or with the worker that held them. */
final class Attempts {
  private final Ledger ledger;
  private final Leases leases;
  private final Jobs jobs;
  private final Retries retries;
  private final Breakers breakers;
  private final Roster roster;
  private final Alarm alarm;
  private long refusedResults;

  Attempts(
      Ledger ledger,
      Leases leases,
      Jobs jobs,
      Retries retries,
      Breakers breakers,
      Roster roster,
      Alarm alarm) {
    this.ledger = ledger;
    this.leases = leases;
    this.jobs = jobs;
    this.retries = retries;
    this.breakers = breakers;
    this.roster = roster;
    this.alarm = alarm;
  }

  /** Accepts a result if its worker holds the lease for it; any other is void. */
  void report(AttemptResult result, WorkerRecord worker) {
    Lease lease = worker.leases.get(result.attemptId());
    if (lease == null) {
      refusedResults++;
      return;
    }
    end(lease, Results.accepted(result, lease, alarm.now()));
  }

  /** The worker will never tell how it ended. */
  void lose(Lease lease, String message) {
    if (!lease.worker.leases.containsKey(lease.attempt)) {
      return;
    }
    if (lease.worker.drains()) {
      end(lease, Results.lost(lease, alarm.now(), Retries.DRAINED, message));
    } else if (retries.isPoison(lease.task)) {
      String stopped =
          "%s; it is the %d. worker that was lost with this task, so that it is stopped"
              .formatted(message, lease.task.losses + 1);
      end(lease, Results.lost(lease, alarm.now(), Retries.POISON, stopped));
    } else {
      end(lease, Results.lost(lease, alarm.now(), "worker-lost", message));
    }
  }

  /**
   * What ran on the worker is lost, what was bound there waits again, but for what it still holds.
   */
  void loseAll(WorkerRecord worker, String message, Set<AttemptId> held) {
    for (Lease lease : List.copyOf(worker.leases.values())) {
      if (held.contains(lease.attempt)) {
        continue;
      }
      if (lease.running()) {
        lose(lease, message);
      } else if (worker.leases.containsKey(lease.attempt)) {
        leases.giveBack(lease);
      }
    }
    worker.voided.clear();
  }

  long refusedResults() {
    return refusedResults;
  }

  private void end(Lease lease, AttemptResult result) {
    leases.release(lease);
    ledger.emit(
        new Event.AttemptEnded(
            result,
            retries.retryAt(lease.task, result, alarm.now()),
            result.outcome() == Outcome.OUT_OF_MEMORY
                ? lease.worker.memoryBytes()
                : OptionalLong.empty(),
            alarm.now()));
    switch (breakers.judge(lease, result.outcome())) {
      case WORKER_OPENED -> {
        leases.askBackAll(lease.worker);
        roster.changed();
      }
      case CHANGED -> roster.changed();
      case NONE -> {
        // The fleet is as it was.
      }
    }
    jobs.settle(lease.task.job);
  }
}
