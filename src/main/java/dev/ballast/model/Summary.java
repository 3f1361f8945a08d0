package dev.ballast.model;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * What a sequence of samples says, in the unit of the samples (milliseconds).
 *
 * @param p50 quantiles by linear interpolation between order statistics (Hyndman and Fan 1996, type
 *     7)
 * @param low95 lower end of the two-sided 95 % Student-t interval of the mean; equals the mean when
 *     n = 1
 */
public record Summary(
    int n, double mean, double p50, double p90, double p99, double low95, double high95) {

  /** Summarises at least one sample; throws {@link IllegalArgumentException} for none. */
  public static Summary of(double[] samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("a summary needs at least one sample");
    }
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    double mean = Arrays.stream(samples).average().orElseThrow();
    double half = halfWidth95(samples, mean);
    return new Summary(
        samples.length,
        mean,
        quantile(sorted, 0.5),
        quantile(sorted, 0.9),
        quantile(sorted, 0.99),
        mean - half,
        mean + half);
  }

  /** Width of the 95 % interval ÷ mean; infinite where one sample or a zero mean says nothing. */
  public double relativeWidth() {
    return n < 2 || mean <= 0 ? Double.POSITIVE_INFINITY : (high95 - low95) / mean;
  }

  private static double halfWidth95(double[] samples, double mean) {
    if (samples.length < 2) {
      return 0;
    }
    double squares = Arrays.stream(samples).map(sample -> (sample - mean) * (sample - mean)).sum();
    double standardError = Math.sqrt(squares / (samples.length - 1) / samples.length);
    return new TDistribution(samples.length - 1).inverseCumulativeProbability(0.975)
        * standardError;
  }

  private static double quantile(double[] sorted, double probability) {
    double position = probability * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
