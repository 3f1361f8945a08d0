package dev.ballast.model;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Mean of a few independent values with its two-sided 95 % Student-t interval: of repetitions, of
 * models. Not for the samples of one attempt, which depend on each other; see {@link
 * MedianInterval}.
 *
 * @param low95 equals the mean for one value
 */
public record MeanInterval(int n, double mean, double low95, double high95) {

  /** Throws {@link IllegalArgumentException} for no values. */
  public static MeanInterval of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a mean needs at least one value");
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double half = halfWidth95(values, mean);
    return new MeanInterval(values.length, mean, mean - half, mean + half);
  }

  private static double halfWidth95(double[] values, double mean) {
    if (values.length < 2) {
      return 0;
    }
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    double standardError = Math.sqrt(squares / (values.length - 1) / values.length);
    return new TDistribution(values.length - 1).inverseCumulativeProbability(0.975) * standardError;
  }
}
