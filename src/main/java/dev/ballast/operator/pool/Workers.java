package dev.ballast.operator.pool;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.operator.resource.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The workers that dispatch knows, by pool; looked up anew when the last look is too old. */
public final class Workers {
  private static final Duration FRESH = Duration.ofMillis(200);

  private final Supplier<List<WorkerView>> source;
  private Map<String, List<WorkerView>> byPool = Map.of();
  private long lookedAtNanos = System.nanoTime() - FRESH.toNanos();

  public Workers(Supplier<List<WorkerView>> source) {
    this.source = source;
  }

  /** Of one pool; workers that were lost are among them. */
  synchronized List<WorkerView> of(String namespace, String pool) {
    return all().getOrDefault(PoolId.of(namespace, pool), List.of());
  }

  /** By {@code namespace/name} of the pool. */
  public synchronized Map<String, List<WorkerView>> all() {
    if (System.nanoTime() - lookedAtNanos >= FRESH.toNanos()) {
      lookedAtNanos = System.nanoTime();
      byPool =
          source.get().stream()
              .filter(view -> view.request().isPresent())
              .collect(Collectors.groupingBy(view -> view.request().orElseThrow().pool()));
    }
    return byPool;
  }

  /** Name of the pod that the worker runs in; its name in dispatch has the namespace behind it. */
  static String podName(WorkerView view) {
    String name = view.id().name();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  static String workerName(String namespace, String pod) {
    return pod + "." + namespace;
  }

  static boolean inCluster(WorkerView view) {
    return view.request()
        .map(request -> request.poolLabels().containsKey(Labels.IN_CLUSTER))
        .orElse(false);
  }
}
