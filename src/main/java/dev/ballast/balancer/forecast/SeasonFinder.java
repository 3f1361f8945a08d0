package dev.ballast.balancer.forecast;

/**
 * Finds how long a season is: the lag with the greatest autocorrelation, if it is a peak and stands
 * out of what noise alone would show (Box, Jenkins 1970: noise of n ticks correlates with itself by
 * less than 2/√n in 95 % of the lags; four times 1/√n is asked for here, since many are looked at).
 */
public final class SeasonFinder {
  private static final int SHORTEST = 4;
  private static final double STANDS_OUT = 4;
  private static final double LEAST = 0.2;
  private static final double ALMOST = 0.9;

  private SeasonFinder() {}

  /** The period in ticks, at most a third of the series; 1 when there is none. */
  public static int period(double[] counts) {
    int n = counts.length;
    double[] roots = new double[n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      roots[i] = RootScale.of(counts[i]);
      mean += roots[i] / n;
    }
    double variance = 0;
    for (int i = 0; i < n; i++) {
      roots[i] -= mean;
      variance += roots[i] * roots[i] / n;
    }
    double[] likeness = new double[n / 3 + 1];
    double greatest = Math.max(LEAST, STANDS_OUT / Math.sqrt(n));
    double floor = greatest;
    boolean fell = false;
    for (int lag = 1; lag < likeness.length && variance > 0; lag++) {
      double correlation = 0;
      for (int i = lag; i < n; i++) {
        correlation += roots[i] * roots[i - lag] / (n - lag);
      }
      correlation /= variance;
      // What is near in time is alike: only after that has passed is a likeness a season.
      fell |= correlation < LEAST / 2;
      likeness[lag] = fell && lag >= SHORTEST ? correlation : 0;
      greatest = Math.max(greatest, likeness[lag]);
    }
    // A multiple of the season is as alike, give or take its noise: the first peak of that height.
    int best = 1;
    for (int lag = SHORTEST; lag < likeness.length; lag++) {
      boolean high = likeness[lag] > floor && likeness[lag] >= ALMOST * greatest;
      if (best > 1 && (!high || lag > 1.2 * best)) {
        break;
      }
      if (high && (best == 1 || likeness[lag] > likeness[best])) {
        best = lag;
      }
    }
    return best;
  }
}
