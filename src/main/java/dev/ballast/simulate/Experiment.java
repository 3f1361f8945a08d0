package dev.ballast.simulate;

import dev.ballast.balancer.schedule.Policy;
import dev.ballast.simulate.workload.Workload;
import dev.ballast.simulate.workload.WorkloadSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Policies side by side over replications of a workload: in each replication all get the same
 * arrivals and the same noise.
 *
 * @param replications at least 1
 * @param knownTimes policies are told the true means
 * @param stopwatch measures what decisions cost; unless it is {@link Stopwatch#STOPPED}, that is
 *     the only figure that differs between two runs
 */
public record Experiment(
    WorkloadSource source,
    List<Policy> policies,
    long seed,
    int replications,
    boolean knownTimes,
    Stopwatch stopwatch) {
  public Experiment {
    policies = List.copyOf(policies);
  }

  /** Hears how far it is. */
  public interface Progress {
    Progress NONE = (_, _) -> {};

    void begins(int replication, Policy policy);
  }

  public Results run() {
    return run(Progress.NONE, () -> false);
  }

  /**
   * Runs it, or as much of it as there is time for.
   *
   * @param stopped asked often; once true, only replications that are complete count, but at least
   *     what was done of the first
   */
  public Results run(Progress progress, BooleanSupplier stopped) {
    Results results = new Results(this);
    for (int replication = 0; replication < replications; replication++) {
      Workload workload = source.instance(seed, replication);
      Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
      try {
        Bounds bounds = Bounds.of(workload);
        for (Policy policy : policies) {
          progress.begins(replication, policy);
          RunLog log =
              Simulation.run(
                  workload,
                  Conditions.of(seed, replication, knownTimes),
                  policy.factory(),
                  stopwatch,
                  stopped);
          if (replication == 0) {
            results.trace(workload, Trace.of(policy.name(), workload, log));
          }
          figures.put(policy.name(), bounds.compare(Metrics.of(workload, log)));
        }
        results.add(workload, bounds, figures);
      } catch (CancellationException e) {
        if (replication == 0) {
          results.add(workload, Bounds.of(workload), figures);
        }
        results.stopped();
        return results;
      }
    }
    return results;
  }
}
