package dev.ballast.model;

import java.util.Arrays;

/**
 * Two-sided 95 % interval of the median of a sequence of timings, which are skewed, have a long
 * tail, and follow each other in rows of fast and slow ones.
 *
 * <p>It is Woodruff's interval ("Confidence intervals for medians and other position measures",
 * JASA 1952): the quantiles at
 *
 * <pre>½ ± 1.96 ÷ (2 √(n ÷ τ))</pre>
 *
 * where n ÷ τ is how many independent samples the n are worth. τ is the autocorrelation time of
 * "above the median, or not" (Heidelberger and Lewis, "Quantile estimation in dependent sequences",
 * Operations Research 1984), summed over Geyer's initial monotone sequence ("Practical Markov chain
 * Monte Carlo", Statistical Science 1992). No assumption on the distribution, and a few interrupted
 * samples move it little.
 *
 * <p>Simulated coverage: 0.94–0.97 for independent samples from n = 8 on, 0.90–0.95 with a
 * correlation of 0.5 between neighbours from n = 50 on; 0.8–0.85 below that, where an interval that
 * takes the samples for independent covers 0.75.
 *
 * @param low the lower end, in the unit of the samples
 * @param high the upper end
 * @param effectiveSamples n ÷ τ, at least 1 and at most n
 */
public record MedianInterval(double low, double high, double effectiveSamples) {
  /** Fewer independent samples have no 95 % interval: 1 − 2^(1 − n) is below 0.95. */
  public static final int MIN_EFFECTIVE_SAMPLES = 6;

  private static final double Z95 = 1.959963985;

  /**
   * The interval for samples in the order they were taken; from the smallest to the largest where
   * there are too few. Throws {@link IllegalArgumentException} for none.
   */
  static MedianInterval of(double[] samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("an interval needs at least one sample");
    }
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    double effective =
        samples.length / autocorrelationTime(samples, Quantiles.ofSorted(sorted, 0.5));
    if (effective < MIN_EFFECTIVE_SAMPLES) {
      return new MedianInterval(sorted[0], sorted[sorted.length - 1], effective);
    }
    double half = Z95 / (2 * Math.sqrt(effective));
    return new MedianInterval(
        Quantiles.ofSorted(sorted, Math.max(0, 0.5 - half)),
        Quantiles.ofSorted(sorted, Math.min(1, 0.5 + half)),
        effective);
  }

  /** Whether there were samples enough for an interval at all. */
  public boolean exists() {
    return effectiveSamples >= MIN_EFFECTIVE_SAMPLES;
  }

  /** How many neighbours say the same once, at least 1 and at most n. */
  private static double autocorrelationTime(double[] samples, double median) {
    int n = samples.length;
    double[] centred = new double[n];
    double share = Arrays.stream(samples).filter(sample -> sample > median).count() / (double) n;
    Arrays.setAll(centred, i -> (samples[i] > median ? 1 : 0) - share);
    double variance = autocovariance(centred, 0);
    if (!(variance > 0)) {
      return 1; // all alike, as behind a coarse clock
    }
    double sum = 0;
    double previous = Double.POSITIVE_INFINITY;
    for (int lag = 0; lag + 1 < n; lag += 2) {
      double pair = (autocovariance(centred, lag) + autocovariance(centred, lag + 1)) / variance;
      if (pair <= 0) {
        break;
      }
      previous = Math.min(pair, previous);
      sum += previous;
    }
    return Math.clamp(2 * sum - 1, 1, n);
  }

  private static double autocovariance(double[] centred, int lag) {
    double sum = 0;
    for (int i = 0; i + lag < centred.length; i++) {
      sum += centred[i] * centred[i + lag];
    }
    return sum / centred.length;
  }
}
