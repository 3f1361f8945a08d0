package dev.ballast.dispatch;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.Backend;
import dev.ballast.model.JobSpec;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is told to whom once the step is durable, and the exchanges held open until then. */
final class Answers {
  private final DispatchSettings settings;
  private final Roster roster;
  private final Alarm alarm;
  private long epoch;
  private List<Reply> replies = new ArrayList<>();

  Answers(DispatchSettings settings, Roster roster, Alarm alarm) {
    this.settings = settings;
    this.roster = roster;
    this.alarm = alarm;
  }

  void reign(long newEpoch) {
    epoch = newEpoch;
  }

  long epoch() {
    return epoch;
  }

  void give(Reply reply) {
    replies.add(reply);
  }

  void refuse(long ticket, DispatchException.Code code, String message) {
    give(new Reply.Refused(ticket, code, message));
  }

  /** What was given since the last call. */
  List<Reply> drain() {
    List<Reply> drained = replies;
    replies = new ArrayList<>();
    return drained;
  }

  /** Takes an exchange in; it is answered when there is something to say, or after its wait. */
  void hold(WorkerRecord worker, long ticket, int waitMillis, List<AttemptId> acknowledged) {
    // The worker must be heard of again before it counts as lost, so it is not held longer.
    long heldMillis = Math.clamp(waitMillis, 0, settings.heartbeat().toMillis());
    worker.parked =
        new WorkerRecord.Parked(ticket, alarm.now().plusMillis(heldMillis), acknowledged);
    alarm.atLatest(worker.parked.until());
    roster.stir(worker);
  }

  /** Ends the exchanges for which there is something new, and those that were held long enough. */
  void answerParked() {
    for (WorkerRecord worker : roster.takeStirred()) {
      WorkerRecord.Parked parked = worker.parked;
      if (parked != null) {
        SyncResponse response = response(worker, parked.acknowledged());
        if (!alarm.now().isBefore(parked.until()) || news(worker, response)) {
          answer(worker, parked, response);
        }
      }
    }
  }

  /** Those that were held long enough are answered with the next. */
  void wake() {
    for (WorkerRecord worker : roster.all()) {
      if (worker.parked != null) {
        if (worker.parked.until().isAfter(alarm.now())) {
          alarm.atLatest(worker.parked.until());
        } else {
          roster.stir(worker);
        }
      }
    }
  }

  /** Ends the exchange that the worker holds open, if it does. */
  void answer(WorkerRecord worker) {
    WorkerRecord.Parked parked = worker.parked;
    if (parked != null) {
      answer(worker, parked, response(worker, parked.acknowledged()));
    }
  }

  private void answer(WorkerRecord worker, WorkerRecord.Parked parked, SyncResponse response) {
    worker.parked = null;
    worker.told.addAll(response.revocations());
    worker.told.addAll(response.cancellations());
    worker.drainTold |= response.drain();
    for (Lease lease : worker.leases.values()) {
      lease.delivered = true;
    }
    give(new Reply.Synced(parked.ticket(), response));
  }

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
  private boolean news(WorkerRecord worker, SyncResponse response) {
    return !response.acknowledged().isEmpty()
        || worker.leases.values().stream().anyMatch(this::isNews)
        || !worker.told.containsAll(response.revocations())
        || !worker.told.containsAll(response.cancellations())
        || (response.drain() && !worker.drainTold);
  }

  /**
   * An assignment that was never given, or whose answer seems lost: said again, but once at once.
   */
  private boolean isNews(Lease lease) {
    return !lease.revoked
        && !lease.running()
        && (!lease.delivered || alarm.now().equals(lease.missingSince));
  }
}
