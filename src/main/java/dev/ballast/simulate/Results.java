package dev.ballast.simulate;

import dev.ballast.balancer.schedule.Policy;
import dev.ballast.simulate.workload.SimulatedModel;
import dev.ballast.simulate.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The figures of an {@link Experiment}. */
public final class Results {
  private final Experiment experiment;
  private final List<Map<String, Map<String, Double>>> runs = new ArrayList<>();
  private final List<Bounds> bounds = new ArrayList<>();
  private final Set<String> misfits = new LinkedHashSet<>();
  private final List<Trace> traces = new ArrayList<>();
  private @Nullable Workload first;
  private boolean stopped;

  Results(Experiment experiment) {
    this.experiment = experiment;
  }

  void add(Workload workload, Bounds bound, Map<String, Map<String, Double>> figures) {
    runs.add(new LinkedHashMap<>(figures));
    bounds.add(bound);
    for (int model = 0; model < workload.models().size(); model++) {
      if (workload.bestServiceSeconds(model) == Double.POSITIVE_INFINITY) {
        SimulatedModel misfit = workload.models().get(model);
        misfits.add(misfit.name());
      }
    }
  }

  void trace(Workload workload, Trace trace) {
    first = workload;
    traces.add(trace);
  }

  void stopped() {
    stopped = true;
  }

  public Experiment experiment() {
    return experiment;
  }

  /** Whether it was ended before all was done. */
  public boolean wasStopped() {
    return stopped;
  }

  /** Replications that count. */
  public int replications() {
    return runs.size();
  }

  /** The first replication, policy by policy. */
  public List<Trace> traces() {
    return List.copyOf(traces);
  }

  /** The first replication's instance; empty before it was run. */
  public Optional<Workload> first() {
    return Optional.ofNullable(first);
  }

  /** Names of the models of the first replication, by index. */
  public List<String> models() {
    return first == null ? List.of() : first.models().stream().map(SimulatedModel::name).toList();
  }

  /** Models that fit into no browser. */
  public Set<String> misfits() {
    return misfits;
  }

  /** Names of the policies that were run, in the order of the experiment. */
  public List<String> policies() {
    return experiment.policies().stream()
        .map(Policy::name)
        .filter(name -> runs.stream().anyMatch(run -> run.containsKey(name)))
        .toList();
  }

  /** Metrics that any policy has, in the order in which they are measured. */
  public List<String> metrics() {
    Set<String> names = new LinkedHashSet<>();
    for (Map<String, Map<String, Double>> run : runs) {
      run.values().forEach(figures -> names.addAll(figures.keySet()));
    }
    return List.copyOf(names);
  }

  /** By replication; those without the metric are left out. */
  public double[] values(String policy, String metric) {
    return runs.stream()
        .map(run -> run.getOrDefault(policy, Map.of()).get(metric))
        .filter(value -> value != null)
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  public Optional<Interval> metric(String policy, String metric) {
    double[] values = values(policy, metric);
    return values.length == 0 ? Optional.empty() : Optional.of(Interval.of(values));
  }

  /** The figure that {@code share} of the replications do not exceed. */
  public Optional<Double> quantile(String policy, String metric, double share) {
    double[] values = values(policy, metric);
    Arrays.sort(values);
    return values.length == 0 ? Optional.empty() : Optional.of(Metrics.quantile(values, share));
  }

  /** Ours ÷ theirs, over the replications where both have the metric and theirs is not always 0. */
  public Optional<Interval> ratio(String ours, String theirs, String metric) {
    List<double[]> pairs = new ArrayList<>();
    double sum = 0;
    for (Map<String, Map<String, Double>> run : runs) {
      Double our = run.getOrDefault(ours, Map.of()).get(metric);
      Double their = run.getOrDefault(theirs, Map.of()).get(metric);
      if (our != null && their != null) {
        pairs.add(new double[] {our, their});
        sum += their;
      }
    }
    return pairs.isEmpty() || sum == 0
        ? Optional.empty()
        : Optional.of(
            Interval.ratio(
                pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
                pairs.stream().mapToDouble(pair -> pair[1]).toArray()));
  }

  /** Mean over the replications; NaN when nothing can run. */
  public double lowerMakespanSeconds() {
    return bounds.stream().mapToDouble(Bounds::makespanSeconds).average().orElse(Double.NaN);
  }

  public double lowerMeanSojournSeconds() {
    return bounds.stream().mapToDouble(Bounds::meanSojournSeconds).average().orElse(Double.NaN);
  }

  public String boundMethod() {
    return Bounds.METHOD;
  }
}
