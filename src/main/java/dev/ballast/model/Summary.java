package dev.ballast.model;

import java.util.Arrays;

/**
 * What a sequence of samples says, in the unit of the samples (milliseconds).
 *
 * @param mean arithmetic mean; interruptions pull it up, so that it may lie above {@code high95}
 * @param p50 the median; quantiles by linear interpolation between order statistics (Hyndman and
 *     Fan 1996, type 7)
 * @param low95 lower end of the 95 % interval of the median ({@link MedianInterval}); the smallest
 *     sample where there are too few for one
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
    MedianInterval interval = MedianInterval.of(samples);
    return new Summary(
        samples.length,
        Arrays.stream(samples).average().orElseThrow(),
        Quantiles.ofSorted(sorted, 0.5),
        Quantiles.ofSorted(sorted, 0.9),
        Quantiles.ofSorted(sorted, 0.99),
        interval.low(),
        interval.high());
  }

  /**
   * Width of the 95 % interval ÷ median of samples in the order they were taken; infinite where
   * they are too few for an interval, or the median is zero.
   */
  public static double relativeWidth(double[] samples) {
    if (samples.length == 0) {
      return Double.POSITIVE_INFINITY;
    }
    MedianInterval interval = MedianInterval.of(samples);
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    double median = Quantiles.ofSorted(sorted, 0.5);
    return interval.exists() && median > 0
        ? (interval.high() - interval.low()) / median
        : Double.POSITIVE_INFINITY;
  }
}
