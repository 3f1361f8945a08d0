package dev.ballast.simulate.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Arrivals by seed. */
final class Generated {
  private Generated() {}

  /** {@code count} tasks in these shares, at {@code load} times what the fleet can do at best. */
  static Arrivals arrivals(
      Workload workload, double[] shares, int count, Traffic traffic, double load, Chance chance) {
    double rate = traffic == Traffic.BATCH ? 0 : load / Capacity.secondsPerTask(workload, shares);
    double[] times = traffic.times(count, rate, meanService(workload, shares), chance);
    return Arrivals.of(times, models(count, shares, chance));
  }

  /**
   * Tasks for a while at a load that changes.
   *
   * @param load at each second, as a share of what the fleet can do at best
   * @param peakLoad never exceeded by {@code load}
   */
  static Arrivals changing(
      Workload workload,
      double[] shares,
      double seconds,
      DoubleUnaryOperator load,
      double peakLoad,
      Chance chance) {
    double capacity = 1 / Capacity.secondsPerTask(workload, shares);
    List<Double> times = new ArrayList<>();
    // Thinning (Lewis, Shedler 1979): candidates at the peak rate, kept by the rate of the moment.
    for (double now = chance.exponential(1 / (peakLoad * capacity));
        now < seconds;
        now += chance.exponential(1 / (peakLoad * capacity))) {
      if (chance.uniform() * peakLoad < load.applyAsDouble(now)) {
        times.add(now);
      }
    }
    return Arrivals.of(
        times.stream().mapToDouble(Double::doubleValue).toArray(),
        models(times.size(), shares, chance));
  }

  private static int[] models(int count, double[] shares, Chance chance) {
    int[] models = new int[count];
    for (int task = 0; task < count; task++) {
      models[task] = chance.pick(shares);
    }
    return models;
  }

  /** Mean of the best service times of models in these shares, in seconds. */
  private static double meanService(Workload workload, double[] shares) {
    double mean = 0;
    for (int model = 0; model < shares.length; model++) {
      mean += shares[model] * workload.bestServiceSeconds(model);
    }
    return mean;
  }
}
