package dev.ballast.operator.pool;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.operator.validation.PoolSettings;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pool as it was found.
 *
 * @param pods by name
 * @param views what dispatch knows of its workers, those from outside among them
 * @param workers those in the cluster: pod and view together
 * @param queued waiting tasks that it could run
 * @param heldBack when more is known of what waits; empty: it is as it is
 */
record PoolObservation(
    PoolSettings settings,
    Map<String, Pod> pods,
    List<WorkerView> views,
    List<PoolWorker> workers,
    int queued,
    Optional<Duration> heldBack) {

  /** Somebody's browser answers its agent, but dispatch has not heard of that agent. */
  boolean someAreSilent() {
    return workers.stream().anyMatch(worker -> worker.ready() && !worker.joined());
  }

  /** Why a pod of it runs no more, if one does; such a pod is replaced. */
  Optional<PoolWorker.Trouble> fallen() {
    return workers.stream()
        .filter(worker -> worker.ended() && !worker.terminating())
        .flatMap(worker -> worker.trouble().stream())
        .findFirst();
  }

  /** Why one of its pods does not come up, if one does not. */
  Optional<PoolWorker.Trouble> trouble() {
    return workers.stream()
        .filter(worker -> !worker.terminating())
        .flatMap(worker -> worker.trouble().stream())
        .findFirst();
  }

  /** Whether as many workers take tasks as should. */
  boolean allServe() {
    return workers.stream().filter(w -> w.staying() && w.ready() && w.joined()).count()
        >= settings.replicas();
  }

  PoolPlan.Target target(String hash) {
    return new PoolPlan.Target(settings.name(), settings.replicas(), hash, settings.drainTimeout());
  }
}
