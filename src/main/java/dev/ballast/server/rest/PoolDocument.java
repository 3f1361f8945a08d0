package dev.ballast.server.rest;

import dev.ballast.balancer.PoolOutlook;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.SyncRequest;
import dev.ballast.server.desk.Desk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
 * @param desiredReplicas workers that were asked for; null where nobody said
 * @param recommendedReplicas workers that the forecast asks for; null without a forecast
 * @param forecastUtilization demand for slots a lead time ahead ÷ slots, 0 or more, by quantile
 *     (for example {@code "0.9"}); empty without a forecast
 * @param forecastErrorRatio error of late forecasts ÷ that of saying "as now"; below 1 they help
 * @param forecastTrusted whether scaling follows the forecast now; null without one
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
    List<String> workers,
    @Nullable Integer desiredReplicas,
    @Nullable Integer recommendedReplicas,
    Map<String, Double> forecastUtilization,
    @Nullable Double forecastErrorRatio,
    @Nullable Boolean forecastTrusted) {

  /** By name. */
  static List<PoolDocument> of(Desk.Open controller) {
    return of(controller.dispatch().workers(), controller.outlook().pools());
  }

  private static List<PoolDocument> of(
      List<WorkerView> workers, Map<String, PoolOutlook> outlooks) {
    Map<String, List<WorkerView>> pools = new TreeMap<>();
    for (WorkerView worker : workers) {
      if (worker.state() != WorkerView.State.LOST) {
        worker
            .request()
            .ifPresent(request ->
                pools.computeIfAbsent(request.pool(), pool -> new ArrayList<>()).add(worker));
      }
    }
    return pools.entrySet().stream()
        .map(pool ->
            of(
                pool.getKey(),
                pool.getValue(),
                outlooks.getOrDefault(pool.getKey(), PoolOutlook.NONE)))
        .toList();
  }

  /** As it is called in a namespace; empty: it is another's. */
  Optional<PoolDocument> in(String namespace) {
    return nameIn(namespace, name)
        .map(own ->
            new PoolDocument(
                own,
                browser,
                browserVersions,
                labels,
                replicas,
                readyReplicas,
                busySlots,
                totalSlots,
                utilizationRatio,
                openBreakers,
                workers,
                desiredReplicas,
                recommendedReplicas,
                forecastUtilization,
                forecastErrorRatio,
                forecastTrusted));
  }

  /**
   * Pools of a cluster are called {@code namespace/name} among all of them; those of a local run
   * have no namespace, and every namespace sees them.
   */
  static Optional<String> nameIn(String namespace, String pool) {
    int slash = pool.indexOf('/');
    return slash < 0 || pool.substring(0, slash).equals(namespace)
        ? Optional.of(pool.substring(slash + 1))
        : Optional.empty();
  }

  private static PoolDocument of(String name, List<WorkerView> workers, PoolOutlook outlook) {
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
        workers.stream().map(worker -> worker.id().name()).sorted().toList(),
        outlook.desired().isPresent() ? outlook.desired().getAsInt() : null,
        outlook.recommended().isPresent() ? outlook.recommended().getAsInt() : null,
        byQuantile(outlook),
        outlook.forecastErrorRatio().isPresent()
            ? outlook.forecastErrorRatio().getAsDouble()
            : null,
        outlook.forecastTrusted().orElse(null));
  }

  private static Map<String, Double> byQuantile(PoolOutlook outlook) {
    Map<String, Double> named = new LinkedHashMap<>();
    outlook.forecastUtilization().forEach((quantile, ratio) -> named.put("" + quantile, ratio));
    return named;
  }
}
