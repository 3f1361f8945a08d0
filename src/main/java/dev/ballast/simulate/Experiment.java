package dev.ballast.simulate;

import dev.ballast.balancer.rival.Rivals;
import dev.ballast.balancer.schedule.Policy;
import dev.ballast.simulate.workload.Builtins;
import dev.ballast.simulate.workload.Workload;
import dev.ballast.simulate.workload.WorkloadSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Policies side by side over replications of a workload. */
public final class Experiment {
  private final Map<String, List<Map<String, Double>>> runs = new LinkedHashMap<>();

  /** Runs every policy on the same instances. */
  public static Experiment run(
      WorkloadSource source,
      List<Policy> policies,
      long seed,
      int replications,
      boolean knownTimes,
      boolean timing) {
    Experiment experiment = new Experiment();
    for (int replication = 0; replication < replications; replication++) {
      Workload workload = source.instance(seed, replication);
      for (Policy policy : policies) {
        RunLog log =
            Simulation.run(
                workload, Conditions.of(seed, replication, knownTimes), policy.factory(), timing);
        experiment
            .runs
            .computeIfAbsent(policy.name(), _ -> new ArrayList<>())
            .add(Metrics.of(workload, log));
      }
    }
    return experiment;
  }

  /** Metric by replication; replications without it are left out. */
  public double[] values(String policy, String metric) {
    return runs.getOrDefault(policy, List.of()).stream()
        .filter(run -> run.containsKey(metric))
        .mapToDouble(run -> run.get(metric))
        .toArray();
  }

  /** For experiments by hand: workload, replications, seed, known, policies… */
  public static void main(String... arguments) {
    WorkloadSource source = Builtins.find(arguments[0]).orElseThrow();
    int replications = Integer.parseInt(arguments[1]);
    List<String> names = List.of(arguments).subList(4, arguments.length);
    List<Policy> policies =
        Rivals.all().stream()
            .filter(policy -> names.isEmpty() || names.contains(policy.name()))
            .toList();
    long before = System.nanoTime();
    Experiment experiment =
        run(
            source,
            policies,
            Long.parseLong(arguments[2]),
            replications,
            Boolean.parseBoolean(arguments[3]),
            true);
    for (Policy policy : policies) {
      StringBuilder line = new StringBuilder("%-22s".formatted(policy.name()));
      for (String metric :
          List.of(
              "makespanSeconds",
              "meanSojournSeconds",
              "p99WaitSeconds",
              "modelLoads",
              "completed",
              "lost",
              "decisionMicros")) {
        line.append(
            "  %s %.3f"
                .formatted(metric, Interval.of(experiment.values(policy.name(), metric)).mean()));
      }
      System.out.println(line);
    }
    System.out.printf("%.1f s%n", (System.nanoTime() - before) / 1e9);
  }
}
