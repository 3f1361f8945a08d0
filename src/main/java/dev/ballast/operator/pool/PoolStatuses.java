package dev.ballast.operator.pool;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.Adapter;
import dev.ballast.model.SyncRequest;
import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolStatus;
import dev.ballast.operator.resource.Condition;
import dev.ballast.operator.resource.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a pool's status says. A pure function; what is unknown is absent. */
final class PoolStatuses {
  /** A utilization that wavers by less than this is no news. */
  private static final int PERCENT_STEP = 5;

  private PoolStatuses() {}

  /**
   * @param trouble why the pool cannot be made as it should be
   * @param scaling what the forecast says, where the pool asks for it
   */
  static BrowserPoolStatus of(
      BrowserPool pool,
      PoolPlan.Target target,
      PoolObservation observed,
      Optional<PoolWorker.Trouble> trouble,
      Autoscaler.Scaling scaling,
      long epoch,
      Instant now) {
    List<PoolWorker> present =
        observed.workers().stream().filter(worker -> !worker.terminating()).toList();
    List<WorkerView> joined =
        observed.views().stream().filter(view -> view.state() != WorkerView.State.LOST).toList();
    int ready = (int) present.stream().filter(w -> w.staying() && w.ready() && w.joined()).count();
    int external = (int) joined.stream().filter(view -> !Workers.inCluster(view)).count();
    return new BrowserPoolStatus(
        present.size(),
        ready,
        (int) present.stream().filter(w -> w.hash().equals(target.hash())).count(),
        external == 0 ? null : external,
        joined.stream().mapToInt(view -> view.running().size()).sum(),
        joined.stream().flatMap(v -> v.request().stream()).mapToInt(SyncRequest::slots).sum(),
        observed.queued(),
        utilization(joined),
        percent(scaling.forecastUtilization()),
        scaling.recommended().isPresent() ? scaling.recommended().getAsInt() : null,
        breaker(joined),
        version(joined),
        hardware(joined),
        Labels.POOL + "=" + pool.getMetadata().getName(),
        pool.getMetadata().getGeneration(),
        epoch,
        conditions(pool, target, present, ready, trouble, now));
  }

  private static @Nullable String utilization(List<WorkerView> joined) {
    OptionalDouble mean =
        joined.stream()
            .flatMap(view -> view.request().stream())
            .map(request -> request.metrics().utilizationRatio())
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .average();
    return percent(mean);
  }

  private static @Nullable String percent(OptionalDouble ratio) {
    return ratio.isEmpty()
        ? null
        : "%d%%".formatted(Math.round(ratio.getAsDouble() * 100 / PERCENT_STEP) * PERCENT_STEP);
  }

  /** Open, when no browser of the pool takes tasks. */
  private static @Nullable String breaker(List<WorkerView> joined) {
    if (joined.isEmpty()) {
      return null;
    }
    if (joined.stream().allMatch(view -> view.breaker().equals("open"))) {
      return "Open";
    }
    return joined.stream().anyMatch(view -> !view.breaker().equals("closed"))
        ? "HalfOpen"
        : "Closed";
  }

  private static @Nullable String version(List<WorkerView> joined) {
    String versions =
        joined.stream()
            .flatMap(view -> view.request().stream())
            .map(request -> request.browser().version())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return versions.isEmpty() ? null : versions;
  }

  private static @Nullable String hardware(List<WorkerView> joined) {
    String hardware =
        joined.stream()
            .flatMap(view -> view.request().stream())
            .map(PoolStatuses::hardware)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining("; "));
    return hardware.isEmpty() ? null : hardware;
  }

  private static String hardware(SyncRequest request) {
    String adapter =
        request.capability().adapter().map(PoolStatuses::describe).orElse("no GPU adapter");
    return "%s (%s)"
        .formatted(
            adapter,
            request.capability().backends().stream()
                .map(Objects::toString)
                .sorted()
                .collect(Collectors.joining(", ")));
  }

  private static String describe(Adapter adapter) {
    String name = (adapter.vendor() + " " + adapter.architecture()).strip();
    return (name.isEmpty() ? "an adapter" : name) + (adapter.software() ? ", in software" : "");
  }

  private static List<Condition> conditions(
      BrowserPool pool,
      PoolPlan.Target target,
      List<PoolWorker> present,
      int ready,
      Optional<PoolWorker.Trouble> trouble,
      Instant now) {
    Conditions conditions =
        new Conditions(
            pool.getStatus() == null ? null : pool.getStatus().conditions(),
            pool.getMetadata().getGeneration(),
            now);
    boolean all = ready >= target.replicas();
    conditions.set(
        "Ready",
        all,
        all ? "WorkersReady" : "WorkersMissing",
        "%d of %d workers take tasks".formatted(ready, target.replicas()));
    boolean settled =
        present.size() == target.replicas()
            && present.stream().allMatch(w -> w.staying() && w.hash().equals(target.hash()));
    if (trouble.isPresent()) {
      conditions.set("Progressing", false, trouble.get().reason(), trouble.get().message());
    } else if (settled && all) {
      conditions.set("Progressing", false, "Settled", "the pool is as its spec has it");
    } else {
      conditions.set("Progressing", true, reason(target, present), "workers come or go");
    }
    conditions.set(
        "Degraded",
        trouble.isPresent(),
        trouble.map(PoolWorker.Trouble::reason).orElse("NoTrouble"),
        trouble.map(PoolWorker.Trouble::message).orElse(""));
    return conditions.build();
  }

  private static String reason(PoolPlan.Target target, List<PoolWorker> present) {
    if (present.stream().anyMatch(w -> w.leaving() && !w.hash().equals(target.hash()))) {
      return "RollingOut";
    }
    return present.stream().anyMatch(PoolWorker::leaving) ? "Draining" : "Starting";
  }
}
