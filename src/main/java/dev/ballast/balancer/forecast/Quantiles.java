package dev.ballast.balancer.forecast;

import java.util.Arrays;
import java.util.List;

/** A distribution by its quantiles at {@link #LEVELS}; they never decrease. */
public final class Quantiles {
  /** Probabilities at which every forecast has a quantile. */
  public static final List<Double> LEVELS = List.of(0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95);

  private final double[] values;

  private Quantiles(double[] values) {
    this.values = values;
  }

  /**
   * Of values at {@link #LEVELS}; sorted, since trackers of neighbouring levels may cross.
   *
   * @throws IllegalArgumentException if there are more or fewer of them
   */
  static Quantiles of(double[] values) {
    if (values.length != LEVELS.size()) {
      throw new IllegalArgumentException(
          "%d values for %d levels".formatted(values.length, LEVELS.size()));
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Quantiles(sorted);
  }

  /**
   * The value that is not exceeded with this probability: linear between the levels, and level
   * beyond them.
   *
   * @param probability 0–1
   */
  public double at(double probability) {
    int above = 0;
    while (above < values.length && LEVELS.get(above) < probability) {
      above++;
    }
    if (above == 0) {
      return values[0];
    }
    if (above == values.length) {
      return values[above - 1];
    }
    double low = LEVELS.get(above - 1);
    double share = (probability - low) / (LEVELS.get(above) - low);
    return values[above - 1] + share * (values[above] - values[above - 1]);
  }

  /** The value at the {@code i}-th of {@link #LEVELS}. */
  double value(int i) {
    return values[i];
  }

  public double median() {
    return at(0.5);
  }

  /** Whether a value lies in the central 90 %. */
  public boolean covers(double value) {
    return value >= values[0] && value <= values[values.length - 1];
  }

  /**
   * How far off it was, in the unit of the values: the mean over the levels of the pinball loss
   * (Koenker, Bassett 1978), {@code (y − q)·τ} above the quantile q and {@code (q − y)·(1 − τ)}
   * below. No other forecast has a smaller expected loss than the true quantiles.
   */
  public double pinballLoss(double value) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      double above = value - values[i];
      double level = LEVELS.get(i);
      sum += above >= 0 ? above * level : -above * (1 - level);
    }
    return sum / values.length;
  }
}
