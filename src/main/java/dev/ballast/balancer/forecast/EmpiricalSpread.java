package dev.ballast.balancer.forecast;

import java.util.Arrays;

/** The errors a method made so far at one distance, and their quantiles. */
final class EmpiricalSpread {
  private static final int KEPT = 500;

  private final double[] errors = new double[KEPT];
  private int seen;

  void observe(double error) {
    errors[seen++ % KEPT] = error;
  }

  /** The prediction, and the errors around it; counts are never negative. */
  Quantiles around(double prediction) {
    int known = Math.min(seen, KEPT);
    double[] sorted = Arrays.copyOf(errors, known);
    Arrays.sort(sorted);
    double[] values = new double[Quantiles.LEVELS.size()];
    for (int i = 0; i < values.length; i++) {
      double rank = Quantiles.LEVELS.get(i) * (known + 1) - 1;
      values[i] = Math.max(0, prediction + (known == 0 ? 0 : between(sorted, rank)));
    }
    return Quantiles.of(values);
  }

  private static double between(double[] sorted, double rank) {
    double clamped = Math.clamp(rank, 0, sorted.length - 1.0);
    int below = (int) clamped;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (clamped - below) * (sorted[above] - sorted[below]);
  }
}
