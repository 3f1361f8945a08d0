package dev.ballast.balancer;

import dev.ballast.model.Adapter;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.WorkerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One browser that takes tasks, as a decision sees it. Browsers that drain or are lost are not in a
 * {@link Fleet}.
 *
 * @param backends those that computed a probe correctly there
 * @param slots tasks at a time
 * @param prefetch further tasks it may be handed before a slot is free
 * @param occupied tasks it runs or was handed
 * @param resident loaded models, as {@code name|backend}
 * @param memoryBytes what the browser may use
 * @param usedMemoryBytes what it uses, when that was measured
 * @param utilizationRatio measured share of busy slot time, 0–1, when that was measured
 * @param waitSeconds until a task handed to it now would start
 * @param breakerOpen the browser itself failed too often
 * @param broken families and backends that failed too often in its pool
 */
public record BrowserView(
    WorkerId worker,
    String pool,
    Map<String, String> poolLabels,
    BrowserKind kind,
    String version,
    List<Backend> backends,
    Optional<Adapter> adapter,
    int slots,
    int prefetch,
    int occupied,
    Set<String> resident,
    OptionalLong memoryBytes,
    OptionalLong usedMemoryBytes,
    OptionalDouble utilizationRatio,
    double waitSeconds,
    boolean breakerOpen,
    Set<Combination> broken) {

  /** What a pool's breaker watches. */
  public record Combination(ModelFamily family, Backend backend) {}

  public BrowserView {
    poolLabels = Map.copyOf(poolLabels);
    backends = List.copyOf(backends);
    resident = Set.copyOf(resident);
    broken = Set.copyOf(broken);
  }

  public boolean slotFree() {
    return occupied < slots;
  }

  /** Whether a task may be handed to it before a slot is free. */
  public boolean prefetchFree() {
    return occupied < slots + prefetch;
  }

  public Hardware hardware(Backend backend) {
    return Hardware.of(backend, adapter);
  }

  public ProfileKey key(TaskView task, Backend backend) {
    return new ProfileKey(task.model(), task.family(), kind, version, backend, hardware(backend));
  }
}
