package dev.ballast.simulate.workload;

import dev.ballast.model.Backend;
import java.util.List;
import java.util.Map;

/** What generators of workloads share. */
final class Generated {
  /** The only backend of most generated workloads. */
  static final Backend BACKEND = Backend.WASM;

  static final List<Backend> BACKENDS = List.of(BACKEND);

  private Generated() {}

  static Map<Backend, Double> on(double seconds) {
    return Map.of(BACKEND, seconds);
  }

  /** Mean of the best service times of models in these shares, in seconds. */
  static double meanService(Workload workload, double[] shares) {
    double mean = 0;
    for (int model = 0; model < shares.length; model++) {
      mean += shares[model] * workload.bestServiceSeconds(model);
    }
    return mean;
  }

  /** {@code count} tasks in these shares, at {@code load} times what the fleet can do at best. */
  static Arrivals arrivals(
      Workload workload, double[] shares, int count, Traffic traffic, double load, Chance chance) {
    double rate = traffic == Traffic.BATCH ? 0 : load / Capacity.secondsPerTask(workload, shares);
    double[] times = traffic.times(count, rate, meanService(workload, shares), chance);
    int[] models = new int[count];
    for (int task = 0; task < count; task++) {
      models[task] = chance.pick(shares);
    }
    return Arrivals.of(times, models);
  }
}
