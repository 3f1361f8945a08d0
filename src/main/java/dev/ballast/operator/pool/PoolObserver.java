package dev.ballast.operator.pool;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.operator.report.Recollection;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolStatus;
import dev.ballast.operator.validation.PoolSettings;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at a pool: its pods, its workers, and what waits for it. */
final class PoolObserver {
  private final Workers workers;
  private final Queues queues;
  private final Recollection recollection;
  private final Wear wear = new Wear();

  PoolObserver(Workers workers, Queues queues, Recollection recollection) {
    this.workers = workers;
    this.queues = queues;
    this.recollection = recollection;
  }

  PoolObservation look(BrowserPool pool, PoolSettings settings, Stream<Pod> found, Instant now) {
    Map<String, Pod> pods =
        found.collect(Collectors.toMap(pod -> pod.getMetadata().getName(), Function.identity()));
    List<WorkerView> views = workers.of(settings.namespace(), settings.name());
    int waiting = queues.of(settings, views);
    // Before workers have told what they hold, more seems to wait than does.
    int queued = recollection.lasts(now) ? toldBefore(pool, waiting) : waiting;
    return new PoolObservation(
        settings,
        pods,
        views,
        together(settings, pods, views),
        queued,
        queued == waiting ? Optional.<Duration>empty() : Optional.of(recollection.left(now)));
  }

  /** The pool is gone. */
  void forget(String pool) {
    queues.forget(pool);
    wear.forget(pool);
  }

  private static int toldBefore(BrowserPool pool, int waiting) {
    BrowserPoolStatus status = pool.getStatus();
    Integer before = status == null ? null : status.queuedTasks();
    return before == null ? waiting : before;
  }

  private List<PoolWorker> together(
      PoolSettings settings, Map<String, Pod> pods, List<WorkerView> views) {
    Map<String, WorkerView> byPod =
        views.stream()
            .filter(Workers::inCluster)
            .collect(Collectors.toMap(Workers::podName, Function.identity(), (a, _) -> a));
    wear.keep(
        PoolId.of(settings.namespace(), settings.name()),
        views.stream().map(view -> view.id().name()).collect(Collectors.toSet()));
    return pods.values().stream()
        .map(pod -> {
          WorkerView view = byPod.get(pod.getMetadata().getName());
          return PoolWorker.of(
              pod, view, view == null ? Optional.empty() : wear.of(settings, view));
        })
        .toList();
  }
}
