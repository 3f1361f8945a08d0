package dev.ballast.operator.pool;

import dev.ballast.dispatch.Queued;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.operator.validation.PoolSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How many of the waiting tasks each pool could run; a task that several could run counts for each.
 * Looked up anew when the last look is too old. Thousands of jobs that ask for the same are one
 * wish, so that thousands of pools can be told.
 */
public final class Queues {
  private static final Duration FRESH = Duration.ofMillis(200);

  private final Supplier<List<Queued>> source;
  private final Map<String, Asked> asked = new HashMap<>();
  private Map<Wish, Integer> waiting = Map.of();
  private long lookedAtNanos = System.nanoTime() - FRESH.toNanos();

  /** What tasks ask of a pool. */
  private record Wish(
      String namespace,
      Map<String, String> selector,
      Optional<Backend> backend,
      Optional<BrowserKind> browser) {
    static Wish of(Queued tasks) {
      return new Wish(
          tasks.job().namespace(), tasks.job().poolSelector(), tasks.backend(), tasks.browser());
    }
  }

  /** {@code backends}: of its workers; empty, while it has none, since nobody knows then. */
  private record Pool(
      String namespace, Map<String, String> labels, BrowserKind browser, Set<Backend> backends) {
    boolean couldRun(Wish wish) {
      return wish.namespace().equals(namespace)
          && wish.browser().map(browser::equals).orElse(true)
          && (backends.isEmpty() || wish.backend().map(backends::contains).orElse(true))
          && labels.entrySet().containsAll(wish.selector().entrySet());
    }
  }

  /** A pool as it was asked about, and what it was told. */
  private record Asked(Pool pool, int told) {}

  public Queues(Supplier<List<Queued>> source) {
    this.source = source;
  }

  /** {@code joined}: the workers of the pool, which tell what their browsers can do. */
  synchronized int of(PoolSettings settings, List<WorkerView> joined) {
    Set<Backend> backends = new HashSet<>();
    joined.stream()
        .flatMap(view -> view.request().stream())
        .forEach(request -> backends.addAll(request.capability().backends()));
    Pool pool =
        new Pool(
            settings.namespace(),
            PoolLabels.of(settings),
            settings.browser(),
            Set.copyOf(backends));
    look();
    int count = count(pool);
    asked.put(PoolId.of(settings.namespace(), settings.name()), new Asked(pool, count));
    return count;
  }

  /** Pools that would be told another number now. */
  public synchronized List<String> changed() {
    look();
    return asked.entrySet().stream()
        .filter(entry -> count(entry.getValue().pool()) != entry.getValue().told())
        .map(Map.Entry::getKey)
        .toList();
  }

  synchronized void forget(String pool) {
    asked.remove(pool);
  }

  private void look() {
    if (System.nanoTime() - lookedAtNanos < FRESH.toNanos()) {
      return;
    }
    lookedAtNanos = System.nanoTime();
    Map<Wish, Integer> now = new HashMap<>();
    for (Queued tasks : source.get()) {
      now.merge(Wish.of(tasks), tasks.tasks(), Integer::sum);
    }
    waiting = now;
  }

  private int count(Pool pool) {
    int count = 0;
    for (Map.Entry<Wish, Integer> entry : waiting.entrySet()) {
      count += pool.couldRun(entry.getKey()) ? entry.getValue() : 0;
    }
    return count;
  }
}
