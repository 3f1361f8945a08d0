package dev.ballast.simulate;

import org.hipparchus.distribution.continuous.TDistribution;

/**
 * A figure over replications.
 *
 * @param mean of n replications (of ratios: their geometric mean)
 * @param low95 lower end of the two-sided 95 % Student-t interval; NaN for one replication
 */
public record Interval(double mean, double low95, double high95) {
  /** Of independent figures. */
  public static Interval of(double[] values) {
    double mean = 0;
    for (double value : values) {
      mean += value;
    }
    mean /= values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double half = half(squares, values.length);
    return new Interval(mean, mean - half, mean + half);
  }

  /**
   * Of paired figures, {@code ours[i] ÷ theirs[i]} for the same arrivals and noise: of logarithms,
   * so that every replication counts alike whatever its size. Where a figure is 0 there are no
   * logarithms: then the ratio of the sums, with the interval of the delta method.
   */
  public static Interval ratio(double[] ours, double[] theirs) {
    int n = ours.length;
    double[] logs = new double[n];
    double sumOurs = 0;
    double sumTheirs = 0;
    boolean positive = true;
    for (int i = 0; i < n; i++) {
      positive &= ours[i] > 0 && theirs[i] > 0;
      logs[i] = StrictMath.log(ours[i] / theirs[i]);
      sumOurs += ours[i];
      sumTheirs += theirs[i];
    }
    if (positive) {
      Interval log = of(logs);
      return new Interval(
          StrictMath.exp(log.mean), StrictMath.exp(log.low95), StrictMath.exp(log.high95));
    }
    double ratio = sumOurs / sumTheirs;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double off = ours[i] - ratio * theirs[i];
      squares += off * off;
    }
    double half = half(squares, n) / (sumTheirs / n);
    return new Interval(ratio, ratio - half, ratio + half);
  }

  private static double half(double squares, int n) {
    return n < 2
        ? Double.NaN
        : new TDistribution(n - 1.0).inverseCumulativeProbability(0.975)
            * Math.sqrt(squares / (n - 1) / n);
  }
}
