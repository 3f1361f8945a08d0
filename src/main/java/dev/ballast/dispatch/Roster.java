package dev.ballast.dispatch;

import dev.ballast.balancer.BrowserView;
import dev.ballast.balancer.Fleet;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The workers, and the fleet they make up for the next decision. */
final class Roster {
  private final Map<WorkerId, WorkerRecord> workers = new TreeMap<>();
  private final DispatchSettings settings;
  private final Breakers breakers;
  private final TaskQueue queue;
  private final Alarm alarm;
  private Set<WorkerRecord> touched = new LinkedHashSet<>();
  private Set<WorkerRecord> stirred = new LinkedHashSet<>();
  private @Nullable Fleet fleet;

  Roster(DispatchSettings settings, Breakers breakers, TaskQueue queue, Alarm alarm) {
    this.settings = settings;
    this.breakers = breakers;
    this.queue = queue;
    this.alarm = alarm;
  }

  Collection<WorkerRecord> all() {
    return workers.values();
  }

  @Nullable WorkerRecord find(WorkerId id) {
    return workers.get(id);
  }

  WorkerRecord findOrAdd(WorkerId id) {
    return workers.computeIfAbsent(id, _ -> new WorkerRecord(id, alarm.now()));
  }

  @Nullable WorkerRecord remove(WorkerId id) {
    WorkerRecord removed = workers.remove(id);
    if (removed != null) {
      touched.add(removed);
    }
    return removed;
  }

  /** A worker took something on: the fleet is another one, but no place became free. */
  void filled(WorkerRecord worker) {
    stir(worker);
    fleet = null;
  }

  /** There may be something to say to the worker. */
  void stir(WorkerRecord worker) {
    stirred.add(worker);
  }

  /** The workers that there may be something to say to since the last call. */
  Set<WorkerRecord> takeStirred() {
    Set<WorkerRecord> taken = stirred;
    stirred = new LinkedHashSet<>();
    return taken;
  }

  /** Places may have become free: waiting tasks should be looked at again. */
  void changed() {
    touched.addAll(workers.values());
    fleet = null;
    queue.lookAgain();
  }

  /** The same for one worker. */
  void changed(WorkerRecord worker) {
    touched.add(worker);
    stir(worker);
    fleet = null;
    queue.lookAgain();
  }

  /** The workers that may have changed since the last call. */
  Set<WorkerRecord> takeTouched() {
    Set<WorkerRecord> taken = touched;
    touched = new LinkedHashSet<>();
    return taken;
  }

  /** The browsers that take tasks now. */
  Fleet fleet() {
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
        breakers.keepsOut(worker.id),
        breakers.broken(request.pool()));
  }

  private double waitSeconds(WorkerRecord worker, int slots) {
    double seconds = 0;
    for (Lease lease : worker.leases.values()) {
      Instant startedAt = lease.startedAt;
      double elapsed =
          startedAt == null ? 0 : Duration.between(startedAt, alarm.now()).toMillis() / 1000.0;
      // What is overdue will not end at once either.
      seconds += Math.max(0.15 * lease.expectedSeconds, lease.expectedSeconds - elapsed);
    }
    return seconds / slots;
  }
}
