package dev.ballast.server;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.SyncRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A pool as the API tells it; here pools are what their workers say they belong to.
 *
 * @param browser the kind; null while no worker of it was heard of
 * @param browserVersions all that its workers run
 * @param replicas workers that are there, whether they take tasks or drain
 * @param readyReplicas those that take tasks
 * @param utilizationRatio mean over the workers that measured it, 0–1; null where none did
 * @param openBreakers workers whose breaker is not closed
 */
public record PoolDocument(
    String name,
    @Nullable BrowserKind browser,
    List<String> browserVersions,
    Map<String, String> labels,
    int replicas,
    int readyReplicas,
    int busySlots,
    int totalSlots,
    @Nullable Double utilizationRatio,
    int openBreakers,
    List<String> workers) {

  /** By name. */
  static List<PoolDocument> of(List<WorkerView> workers) {
    Map<String, List<WorkerView>> pools = new TreeMap<>();
    for (WorkerView worker : workers) {
      if (worker.state() != WorkerView.State.LOST) {
        worker
            .request()
            .ifPresent(request ->
                pools.computeIfAbsent(request.pool(), pool -> new ArrayList<>()).add(worker));
      }
    }
    return pools.entrySet().stream().map(pool -> of(pool.getKey(), pool.getValue())).toList();
  }

  /** As it is called in a namespace; empty: it is another's. */
  Optional<PoolDocument> in(String namespace) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return Optional.of(this);
    }
    return name.substring(0, slash).equals(namespace)
        ? Optional.of(
            new PoolDocument(
                name.substring(slash + 1),
                browser,
                browserVersions,
                labels,
                replicas,
                readyReplicas,
                busySlots,
                totalSlots,
                utilizationRatio,
                openBreakers,
                workers))
        : Optional.empty();
  }

  private static PoolDocument of(String name, List<WorkerView> workers) {
    List<SyncRequest> told = workers.stream().flatMap(worker -> worker.request().stream()).toList();
    List<WorkerView> ready =
        workers.stream().filter(worker -> worker.state() == WorkerView.State.READY).toList();
    OptionalDouble utilization =
        told.stream()
            .flatMapToDouble(request -> request.metrics().utilizationRatio().stream())
            .average();
    return new PoolDocument(
        name,
        told.getFirst().browser().kind(),
        List.copyOf(
            new TreeSet<>(told.stream().map(request -> request.browser().version()).toList())),
        told.getFirst().poolLabels(),
        workers.size(),
        ready.size(),
        workers.stream().mapToInt(worker -> worker.running().size()).sum(),
        told.stream().mapToInt(SyncRequest::slots).sum(),
        utilization.isPresent() ? utilization.getAsDouble() : null,
        (int) workers.stream().filter(worker -> !worker.breaker().equals("closed")).count(),
        workers.stream().map(worker -> worker.id().name()).sorted().toList());
  }
}
