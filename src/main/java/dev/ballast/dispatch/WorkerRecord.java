package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A worker as it last told of itself, with what it holds. Forgotten by a restart. */
final class WorkerRecord {
  private static final int INCARNATIONS_REMEMBERED = 64;

  final WorkerId id;
  final Map<AttemptId, Lease> leases = new LinkedHashMap<>();

  /** Attempts it may hold without a lease: each fills a slot until the worker says otherwise. */
  final Set<AttemptId> voided = new LinkedHashSet<>();

  /** Cancellations, revocations it was told of: told again, but that is no news. */
  final Set<AttemptId> told = new HashSet<>();

  final Set<String> formerIncarnations = new LinkedHashSet<>();

  @Nullable SyncRequest request;
  Instant seen;
  boolean lost;
  boolean draining;
  boolean drainTold;
  @Nullable Parked parked;

  /**
   * An exchange that was not answered yet.
   *
   * @param until when it is answered even if there is no news
   * @param acknowledged reports that it brought: their acknowledgement is news
   */
  record Parked(long ticket, Instant until, List<AttemptId> acknowledged) {}

  WorkerRecord(WorkerId id, Instant seen) {
    this.id = id;
    this.seen = seen;
  }

  boolean takesTasks() {
    return request != null && !lost && !drains();
  }

  boolean drains() {
    return draining || (request != null && request.draining());
  }

  /** What its browser may use, when it told that. */
  OptionalLong memoryBytes() {
    return request == null ? OptionalLong.empty() : request.capability().memoryBytes();
  }

  void retireIncarnation(String incarnation) {
    formerIncarnations.add(incarnation);
    if (formerIncarnations.size() > INCARNATIONS_REMEMBERED) {
      formerIncarnations.remove(formerIncarnations.iterator().next());
    }
  }

  WorkerView.State state() {
    if (lost) {
      return WorkerView.State.LOST;
    }
    return drains() ? WorkerView.State.DRAINING : WorkerView.State.READY;
  }
}
