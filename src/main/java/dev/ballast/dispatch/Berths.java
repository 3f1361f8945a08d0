package dev.ballast.dispatch;

import dev.ballast.balancer.BrowserView;
import dev.ballast.balancer.Hardware;
import dev.ballast.balancer.PoolTimes;
import dev.ballast.balancer.schedule.LiveBoard;
import dev.ballast.model.Adapter;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The numbers that browsers have on a board, and the pools of those that are alike. */
final class Berths {
  private static final double MIB = 1 << 20;

  private final LiveBoard board;
  private final PoolTimes times;
  private final Breakers breakers;
  private final Map<Key, Integer> pools = new LinkedHashMap<>();
  private final Map<Speed, Integer> firstOfSpeed = new HashMap<>();
  private final List<Integer> openBrowsers = new ArrayList<>();
  private final Map<WorkerId, Berth> berths = new HashMap<>();
  private final List<WorkerRecord> workers = new ArrayList<>();

  /** What makes browsers alike; one that a task failed on is like no other. */
  record Key(
      String pool,
      Map<String, String> labels,
      BrowserKind kind,
      String version,
      List<Backend> backends,
      Optional<Adapter> adapter,
      OptionalLong memoryBytes,
      Optional<WorkerId> alone) {
    static Key of(WorkerId worker, SyncRequest request, boolean alone) {
      return new Key(
          request.pool(),
          request.poolLabels(),
          request.browser().kind(),
          request.browser().version(),
          request.capability().backends(),
          request.capability().adapter(),
          request.capability().memoryBytes(),
          alone ? Optional.of(worker) : Optional.empty());
    }

    double memoryMiB() {
      return memoryBytes.isPresent() ? memoryBytes.getAsLong() / MIB : Double.POSITIVE_INFINITY;
    }
  }

  /** Pools whose attempts have the same profiles; a worker may name a backend twice. */
  private record Speed(BrowserKind kind, String version, Map<Backend, Hardware> hardware) {
    static Speed of(Key key) {
      return new Speed(
          key.kind(),
          key.version(),
          key.backends().stream()
              .collect(
                  Collectors.toMap(
                      Function.identity(),
                      backend -> Hardware.of(backend, key.adapter()),
                      (same, _) -> same)));
    }
  }

  /** A browser's place on the board, with the phantoms in slots that may not be used now. */
  static final class Berth {
    final int browser;
    final int pool;
    final Key key;
    final int slots;
    final List<Integer> phantoms = new ArrayList<>();
    private boolean barred;

    Berth(int browser, int pool, Key key, int slots) {
      this.browser = browser;
      this.pool = pool;
      this.key = key;
      this.slots = slots;
    }
  }

  Berths(LiveBoard board, PoolTimes times, Breakers breakers) {
    this.board = board;
    this.times = times;
    this.breakers = breakers;
  }

  @Nullable Berth find(WorkerId worker) {
    return berths.get(worker);
  }

  Berth of(int browser) {
    return Objects.requireNonNull(berths.get(workers.get(browser).id));
  }

  WorkerRecord worker(int browser) {
    return workers.get(browser);
  }

  /** Those whose memory is at most that. */
  List<WorkerId> within(long memoryBytes) {
    List<WorkerId> within = new ArrayList<>();
    for (WorkerRecord worker : workers) {
      if (worker.memoryBytes().orElse(Long.MAX_VALUE) <= memoryBytes) {
        within.add(worker.id);
      }
    }
    return within;
  }

  /** Whether such browsers have a pool already. */
  boolean knows(Key key) {
    return pools.containsKey(key);
  }

  Berth add(WorkerRecord worker, SyncRequest request, Key key) {
    Integer known = pools.get(key);
    int pool;
    if (known == null) {
      Integer first = firstOfSpeed.putIfAbsent(Speed.of(key), board.pools());
      pool = first == null ? board.addPool(key.kind()) : board.addPool(key.kind(), first);
      pools.put(key, pool);
      openBrowsers.add(0);
      times.addPool(like(worker.id, key, false));
    } else {
      pool = known;
    }
    int browser = board.addBrowser(pool, worker.id.name(), request.slots(), key.memoryMiB());
    workers.add(worker);
    Berth berth = new Berth(browser, pool, key, request.slots());
    openBrowsers.set(pool, openBrowsers.get(pool) + 1);
    berths.put(worker.id, berth);
    return berth;
  }

  /** The worker's breaker keeps tasks out of it, or no longer. */
  void bar(Berth berth, boolean barred) {
    if (barred != berth.barred) {
      berth.barred = barred;
      openBrowsers.set(berth.pool, openBrowsers.get(berth.pool) + (barred ? -1 : 1));
    }
  }

  /** What is broken in a whole pool may have changed with the breakers; how many have. */
  int refreshPools() {
    int changed = 0;
    for (Map.Entry<Key, Integer> entry : pools.entrySet()) {
      int pool = entry.getValue();
      BrowserView before = times.pool(pool);
      boolean barred = openBrowsers.get(pool) == 0;
      if (before.breakerOpen() != barred
          || !before.broken().equals(breakers.broken(before.pool()))) {
        times.setPool(pool, like(before.worker(), entry.getKey(), barred));
        changed++;
      }
    }
    return changed;
  }

  /** One browser of the pool, as if nothing ran there. */
  private BrowserView like(WorkerId worker, Key key, boolean barred) {
    return new BrowserView(
        worker,
        key.pool(),
        key.labels(),
        key.kind(),
        key.version(),
        key.backends(),
        key.adapter(),
        1,
        0,
        0,
        Set.of(),
        key.memoryBytes(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        0,
        barred,
        breakers.broken(key.pool()));
  }
}
