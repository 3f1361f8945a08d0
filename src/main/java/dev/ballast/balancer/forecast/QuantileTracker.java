package dev.ballast.balancer.forecast;

import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * How far from a prediction the truth lies, as quantiles: each is pushed up a little when the truth
 * exceeded it, and down when not, so that in the long run it is exceeded as often as it should be,
 * whatever the series (quantile tracking: Angelopoulos, Candès, Tibshirani 2023, "Conformal PID
 * control for time series prediction").
 *
 * <pre>
 * q(τ) ← q(τ) + step·(τ − [error ≤ q(τ)·scale])
 * </pre>
 *
 * The scale is the recent mean absolute error; steps are large at first.
 */
final class QuantileTracker {
  private static final double STEP = 0.03;
  private static final double FIRST_STEP = 0.5;
  private static final double MEMORY = 0.97;

  /** A normal error is as large as this many mean absolute errors at one standard deviation. */
  private static final double NORMAL = Math.sqrt(Math.PI / 2);

  private final double[] offsets = new double[Quantiles.LEVELS.size()];
  private double scale;
  private int seen;

  QuantileTracker() {
    NormalDistribution normal = new NormalDistribution();
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = NORMAL * normal.inverseCumulativeProbability(Quantiles.LEVELS.get(i));
    }
  }

  /** Learns from truth − prediction. */
  void observe(double error) {
    double size = Math.abs(error);
    if (seen > 0) {
      double step = Math.max(STEP, FIRST_STEP / (seen + 1));
      for (int i = 0; i < offsets.length; i++) {
        double level = Quantiles.LEVELS.get(i);
        offsets[i] += step * (level - (error <= offsets[i] * scale() ? 1 : 0));
      }
    }
    seen++;
    double weight = Math.max(1 - MEMORY, 1.0 / seen);
    scale += weight * (size - scale);
  }

  /** The recent mean absolute error; a little above 0, so that a still series may stir. */
  double scale() {
    return Math.max(scale, 0.05);
  }

  /** The {@code i}-th of {@link Quantiles#LEVELS}. */
  double offset(int i) {
    return offsets[i] * scale();
  }
}
