package dev.ballast.operator.pool;

import dev.ballast.dispatch.Queued;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.Backend;
import dev.ballast.operator.validation.PoolSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How many of the waiting tasks each pool could run; a task that several could run counts for each.
 * Looked up anew when the last look is too old.
 */
public final class Queues {
  private static final Duration FRESH = Duration.ofMillis(200);

  private final Supplier<List<Queued>> source;
  private final Map<String, Asked> asked = new HashMap<>();
  private List<Queued> waiting = List.of();
  private long lookedAtNanos = System.nanoTime() - FRESH.toNanos();

  /** A pool as it was asked about, and what it was told. */
  private record Asked(PoolSettings pool, Set<Backend> backends, int told) {}

  public Queues(Supplier<List<Queued>> source) {
    this.source = source;
  }

  /** {@code joined}: the workers of the pool, which tell what their browsers can do. */
  synchronized int of(PoolSettings pool, List<WorkerView> joined) {
    Set<Backend> backends = new HashSet<>();
    joined.stream()
        .flatMap(view -> view.request().stream())
        .forEach(request -> backends.addAll(request.capability().backends()));
    int count = count(pool, backends);
    asked.put(PoolId.of(pool.namespace(), pool.name()), new Asked(pool, backends, count));
    return count;
  }

  /** Pools that would be told another number now. */
  public synchronized List<String> changed() {
    return asked.entrySet().stream()
        .filter(entry -> {
          Asked last = entry.getValue();
          return count(last.pool(), last.backends()) != last.told();
        })
        .map(Map.Entry::getKey)
        .toList();
  }

  synchronized void forget(String pool) {
    asked.remove(pool);
  }

  private int count(PoolSettings pool, Set<Backend> backends) {
    if (System.nanoTime() - lookedAtNanos >= FRESH.toNanos()) {
      waiting = source.get();
      lookedAtNanos = System.nanoTime();
    }
    Map<String, String> labels = WorkerPod.labels(pool);
    int count = 0;
    for (Queued tasks : waiting) {
      if (tasks.job().namespace().equals(pool.namespace())
          && labels.entrySet().containsAll(tasks.job().poolSelector().entrySet())
          && tasks.browser().map(pool.browser()::equals).orElse(true)
          // What a pool without workers can do is not known.
          && (backends.isEmpty() || tasks.backend().map(backends::contains).orElse(true))) {
        count += tasks.tasks();
      }
    }
    return count;
  }
}
