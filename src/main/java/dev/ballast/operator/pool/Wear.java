package dev.ballast.operator.pool;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.SyncRequest;
import dev.ballast.operator.validation.PoolSettings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which browsers have done enough, as {@code spec.recycle} has it: after so many tasks, or when one
 * has grown. What models occupy is no growth: a browser is compared with itself, with the same
 * models loaded, since it was first heard of.
 */
final class Wear {
  /** A browser that had more sets of models loaded than this begins anew. */
  private static final int SETS = 256;

  private final Map<String, Map<String, Life>> pools = new ConcurrentHashMap<>();

  /** The least memory of one browser, by the models that were loaded. */
  private record Life(String browser, Map<Set<String>, Long> leastBytes) {}

  /** Why the browser is to be replaced, in words; empty: it may go on. */
  Optional<String> of(PoolSettings pool, WorkerView view) {
    SyncRequest request = view.request().orElse(null);
    if (request == null) {
      return Optional.empty();
    }
    long tasks = request.metrics().tasksDone();
    if (tasks >= pool.recycle().afterTasks()) {
      return Optional.of("%d tasks done".formatted(tasks));
    }
    long grown = grown(pool, view, request);
    return grown < pool.recycle().memoryGrowthBytes()
        ? Optional.empty()
        : Optional.of("grown by %d MiB".formatted(grown >> 20));
  }

  private long grown(PoolSettings pool, WorkerView view, SyncRequest request) {
    BrowserMetrics metrics = request.metrics();
    if (metrics.memoryBytes().isEmpty()) {
      return 0;
    }
    long now = metrics.memoryBytes().getAsLong();
    String browser = request.browser().instance();
    Life life =
        pools
            .computeIfAbsent(
                PoolId.of(pool.namespace(), pool.name()), _ -> new ConcurrentHashMap<>())
            .compute(
                view.id().name(),
                (_, known) ->
                    known != null
                            && known.browser().equals(browser)
                            && known.leastBytes().size() < SETS
                        ? known
                        : new Life(browser, new HashMap<>()));
    long least = life.leastBytes().merge(new HashSet<>(metrics.residentModels()), now, Math::min);
    return now - least;
  }

  /** Only these workers are still there. */
  void keep(String pool, Set<String> workers) {
    Map<String, Life> known = pools.get(pool);
    if (known != null) {
      known.keySet().retainAll(workers);
    }
  }

  void forget(String pool) {
    pools.remove(pool);
  }
}
