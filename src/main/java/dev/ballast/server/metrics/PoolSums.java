package dev.ballast.server.metrics;

import dev.ballast.balancer.BrowserView;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.SyncRequest;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the workers of one pool tell, added up. A worker that is lost counts as lost only. */
final class PoolSums {
  private static final String[] BREAKER_STATES = {"closed", "half-open", "open"};

  private final Map<String, Integer> states = new TreeMap<>();
  private final Map<String, Integer> breakers = new TreeMap<>();
  private final Map<String, OfBrowser> ofBrowsers = new TreeMap<>();
  private final Set<BrowserView.Combination> broken = new HashSet<>();

  private static final class OfBrowser {
    int slots;
    int busy;
    int active;
    int resident;
    double utilization;
    int utilizationTold;
    long memoryBytes;
    boolean memoryTold;
  }

  void add(WorkerView worker, SyncRequest told, String browser) {
    states.merge(label(worker.state()), 1, Integer::sum);
    if (worker.state() == WorkerView.State.LOST) {
      return;
    }
    breakers.merge(worker.breaker(), 1, Integer::sum);
    OfBrowser sum = ofBrowsers.computeIfAbsent(browser, _ -> new OfBrowser());
    BrowserMetrics metrics = told.metrics();
    sum.slots += told.slots();
    sum.busy += worker.running().size();
    sum.active += metrics.activeModels();
    sum.resident += metrics.residentModels().size();
    metrics
        .utilizationRatio()
        .ifPresent(ratio -> {
          sum.utilization += ratio;
          sum.utilizationTold++;
        });
    metrics
        .memoryBytes()
        .ifPresent(bytes -> {
          sum.memoryBytes += bytes;
          sum.memoryTold = true;
        });
  }

  void addBroken(Collection<BrowserView.Combination> combinations) {
    broken.addAll(combinations);
  }

  void tell(Families families, String pool) {
    for (WorkerView.State state : WorkerView.State.values()) {
      families.count(Metric.WORKERS, states.getOrDefault(label(state), 0), pool, label(state));
    }
    for (String state : BREAKER_STATES) {
      families.count(Metric.BREAKER_STATE, breakers.getOrDefault(state, 0), pool, state);
    }
    families.count(Metric.BREAKER_COMBINATIONS, broken.size(), pool);
    families.count(
        Metric.REPLICAS, states.getOrDefault(label(WorkerView.State.READY), 0), pool, "ready");
    ofBrowsers.forEach((browser, sum) -> {
      families.count(Metric.SLOTS, sum.slots, pool, browser);
      families.count(Metric.BUSY_SLOTS, sum.busy, pool, browser);
      families.count(Metric.ACTIVE_MODELS, sum.active, pool, browser);
      families.count(Metric.RESIDENT_MODELS, sum.resident, pool, browser);
      if (sum.utilizationTold > 0) {
        families.add(Metric.UTILIZATION, sum.utilization / sum.utilizationTold, pool, browser);
      }
      if (sum.memoryTold) {
        families.count(Metric.MEMORY, sum.memoryBytes, pool, browser);
      }
    });
  }

  private static String label(WorkerView.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
