package dev.ballast.dispatch;

import dev.ballast.balancer.BrowserView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.Outcome;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The circuit breakers: one for each worker, and one for each family and backend of a pool. */
final class Breakers {
  private final DispatchSettings settings;
  private final Alarm alarm;
  private final Map<String, DispatchSettings.BreakerSettings> ofPool = new HashMap<>();
  private final Map<WorkerId, OfWorker> ofWorkers = new HashMap<>();
  private final Map<PoolCombination, Breaker> ofPools = new HashMap<>();

  private record OfWorker(String pool, Breaker breaker) {}

  private record PoolCombination(String pool, BrowserView.Combination combination) {}

  /** The breakers of that pool and of its workers start over with these. */
  void set(String pool, DispatchSettings.BreakerSettings breaker) {
    if (breaker.equals(settingsOf(pool))) {
      return;
    }
    ofPool.put(pool, breaker);
    ofWorkers.values().removeIf(worker -> worker.pool().equals(pool));
    ofPools.keySet().removeIf(key -> key.pool().equals(pool));
  }

  /** What the end of an attempt did. */
  enum Effect {
    /** What is admitted is as before. */
    NONE,
    /** Something is admitted that was not, or the other way round. */
    CHANGED,
    /** The worker's own breaker is open now: what is bound there should go elsewhere. */
    WORKER_OPENED
  }

  Breakers(DispatchSettings settings, Alarm alarm) {
    this.settings = settings;
    this.alarm = alarm;
  }

  /** A half-open breaker has its one task now. */
  void bound(Lease lease) {
    worker(lease.worker).bound(lease.attempt, alarm.now());
    Breaker pool = pool(lease);
    if (pool != null) {
      pool.bound(lease.attempt, alarm.now());
    }
  }

  /** The attempt was taken back: it says nothing of any browser. */
  Effect unjudged(Lease lease) {
    return judge(lease, Breaker.Sign.NEUTRAL, Breaker.Sign.NEUTRAL);
  }

  Effect judge(Lease lease, Outcome outcome) {
    return judge(lease, sign(outcome), poolSign(outcome));
  }

  private Effect judge(Lease lease, Breaker.Sign workerSign, Breaker.Sign poolSign) {
    Breaker own = worker(lease.worker);
    Breaker pool = pool(lease);
    boolean ownChanged = ended(own, lease.attempt, workerSign);
    boolean poolChanged = pool != null && ended(pool, lease.attempt, poolSign);
    if (ownChanged && own.state(alarm.now()) == Breaker.State.OPEN) {
      return Effect.WORKER_OPENED;
    }
    return ownChanged || poolChanged ? Effect.CHANGED : Effect.NONE;
  }

  private boolean ended(Breaker breaker, AttemptId attempt, Breaker.Sign sign) {
    boolean changed = breaker.ended(attempt, sign, alarm.now());
    if (changed) {
      breaker.reopensAt().ifPresent(alarm::atLatest);
    }
    return changed;
  }

  /** Whether the worker's own breaker keeps tasks away from it now. */
  boolean keepsOut(WorkerId worker) {
    OfWorker own = ofWorkers.get(worker);
    return own != null && !own.breaker().admits(alarm.now());
  }

  /** Families and backends that are kept away from a whole pool now. */
  Set<BrowserView.Combination> broken(String pool) {
    Set<BrowserView.Combination> broken = new HashSet<>();
    ofPools.forEach((key, breaker) -> {
      if (key.pool().equals(pool) && !breaker.admits(alarm.now())) {
        broken.add(key.combination());
      }
    });
    return broken;
  }

  /** Whether one task may try, and only one. */
  boolean halfOpen(WorkerId worker) {
    return state(worker) == Breaker.State.HALF_OPEN;
  }

  Breaker.State state(WorkerId worker) {
    OfWorker own = ofWorkers.get(worker);
    return own == null ? Breaker.State.CLOSED : own.breaker().state(alarm.now());
  }

  void forget(WorkerId worker) {
    ofWorkers.remove(worker);
  }

  /** Lets delays pass; whether that admits something. Sets the alarm for those still to come. */
  boolean wake() {
    Instant now = alarm.now();
    boolean changed = false;
    List<Breaker> all = new ArrayList<>(ofPools.values());
    ofWorkers.values().forEach(worker -> all.add(worker.breaker()));
    for (Breaker breaker : all) {
      boolean wasOpen = breaker.reopensAt().isPresent();
      changed |= wasOpen && breaker.state(now) != Breaker.State.OPEN;
      breaker.reopensAt().ifPresent(alarm::atLatest);
    }
    return changed;
  }

  private DispatchSettings.BreakerSettings settingsOf(String pool) {
    return ofPool.getOrDefault(pool, settings.breaker());
  }

  private Breaker worker(WorkerRecord worker) {
    String pool = worker.request == null ? "" : worker.request.pool();
    return ofWorkers
        .computeIfAbsent(worker.id, _ -> new OfWorker(pool, new Breaker(settingsOf(pool))))
        .breaker();
  }

  private @Nullable Breaker pool(Lease lease) {
    return lease.worker.request == null
        ? null
        : ofPools.computeIfAbsent(
            new PoolCombination(lease.worker.request.pool(), lease.combination()),
            key -> new Breaker(settingsOf(key.pool())));
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
}
