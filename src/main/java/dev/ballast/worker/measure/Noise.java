package dev.ballast.worker.measure;

import java.util.Arrays;
import java.util.List;

/**
 * Whether samples of one repeated computation scatter more than that computation explains. Robust statistics throughout: a browser collects garbage now and
 * then, and a few slow samples are no noise.
 *
 * <pre>noisy = MAD · 1.4826 / median > 0.25, or more than 15 % of the samples above twice the median, or two blocks' medians differ by more than 30 %</pre>
 */
final class Noise {
  private static final double SCATTER_RATIO = 0.25;
  private static final double OUTLIER_FACTOR = 2.0;
  private static final double OUTLIER_SHARE = 0.15;
  private static final double DRIFT_RATIO = 0.30;
  private static final int ENOUGH = 5;

  /** Makes the median absolute deviation of normal samples their standard deviation (Hampel 1974). */
  private static final double MAD_TO_DEVIATION = 1.4826;

  private Noise() {}

  static boolean isNoisy(List<double[]> blocks) {
    double[] samples = blocks.stream().flatMapToDouble(Arrays::stream).toArray();
    if (samples.length < ENOUGH) {
      return false; // too few to tell; the interval says so by itself
    }
    double median = median(samples);
    double deviation = median(Arrays.stream(samples).map(sample -> Math.abs(sample - median)).toArray());
    double outliers = Arrays.stream(samples).filter(sample -> sample > OUTLIER_FACTOR * median).count();
    return deviation * MAD_TO_DEVIATION > SCATTER_RATIO * median || outliers > OUTLIER_SHARE * samples.length || drifts(blocks, median);
  }

  private static boolean drifts(List<double[]> blocks, double median) {
    double[] medians = blocks.stream().filter(block -> block.length >= ENOUGH).mapToDouble(Noise::median).toArray();
    if (medians.length < 2) {
      return false;
    }
    double lowest = Arrays.stream(medians).min().orElseThrow();
    double highest = Arrays.stream(medians).max().orElseThrow();
    return highest - lowest > DRIFT_RATIO * median;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
