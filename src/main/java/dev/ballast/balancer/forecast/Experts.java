package dev.ballast.balancer.forecast;

import dev.ballast.balancer.forecast.HoltWinters.Smoothing;
import java.util.ArrayList;
import java.util.List;

/**
 * Several ways to look ahead, mixed by how well each did lately at that distance: {@code weight ∝
 * exp(−learning · Σ discounted loss)}, the exponentially weighted average forecaster (Vovk 1990;
 * Littlestone, Warmuth 1994) with a memory that fades. They differ in their windows, so that the
 * window grows while a series is calm and shrinks when it is volatile.
 */
final class Experts {
  private static final double MEMORY = 0.993;
  private static final double LEARNING = 1;
  private static final double[] WINDOWS = {0.02, 0.08, 0.25, 0.6};
  private static final Smoothing[] SEASONAL = {
    new Smoothing(0.01, 0, 0.05, 1),
    new Smoothing(0.01, 0, 0.2, 1),
    new Smoothing(0.05, 0, 0.1, 1),
    new Smoothing(0.05, 0.02, 0.1, 0.95),
    new Smoothing(0.2, 0, 0.1, 1),
    new Smoothing(0.2, 0, 0.3, 1),
    new Smoothing(0.5, 0, 0.1, 1)
  };
  private static final Smoothing TREND = new Smoothing(0.2, 0.1, 0, 0.9);

  private final List<Opinion> all = new ArrayList<>();
  private final double[] windows;
  private final double[][] losses;

  /**
   * @param period in ticks; 1: no season
   * @param horizons distances that are judged: 1 … this, in ticks
   */
  Experts(int period, int horizons) {
    List<Smoothing> kinds = new ArrayList<>();
    for (double window : WINDOWS) {
      kinds.add(new Smoothing(window, 0, 0, 1));
      all.add(new HoltWinters(new Smoothing(window, 0, 0, 1), 1));
    }
    kinds.add(new Smoothing(0.2, 0, 0, 1));
    all.add(new AdaptiveLevel());
    kinds.add(TREND);
    all.add(new HoltWinters(TREND, 1));
    if (period > 1) {
      for (Smoothing kind : SEASONAL) {
        kinds.add(kind);
        all.add(new HoltWinters(kind, period));
      }
    }
    windows = kinds.stream().mapToDouble(kind -> 1 / kind.level()).toArray();
    losses = new double[horizons + 1][all.size()];
  }

  void observe(double value) {
    all.forEach(expert -> expert.observe(value));
  }

  /** What each says of that many ticks ahead. */
  double[] ahead(int steps) {
    return all.stream().mapToDouble(expert -> expert.ahead(steps)).toArray();
  }

  /** Judges what they said {@code steps} ticks ago, in multiples of the usual error. */
  void judge(int steps, double[] said, double value, double usualError) {
    double[] loss = losses[steps];
    for (int i = 0; i < loss.length; i++) {
      double off = Math.min(3, Math.abs(said[i] - value) / usualError);
      loss[i] = MEMORY * loss[i] + (1 - MEMORY) * off * off;
    }
  }

  /** Their common opinion. */
  double mix(int steps, double[] said) {
    double[] weights = weights(steps);
    double sum = 0;
    for (int i = 0; i < said.length; i++) {
      sum += weights[i] * said[i];
    }
    return sum;
  }

  /** How far back the opinion of that distance looks on average, in ticks. */
  double windowTicks(int steps) {
    double[] weights = weights(steps);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * windows[i];
    }
    return sum;
  }

  private double[] weights(int steps) {
    double[] loss = losses[steps];
    double least = Double.POSITIVE_INFINITY;
    for (double each : loss) {
      least = Math.min(least, each);
    }
    double[] weights = new double[loss.length];
    double sum = 0;
    for (int i = 0; i < loss.length; i++) {
      weights[i] = Math.exp(-LEARNING * (loss[i] - least) / (1 - MEMORY));
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }
}
