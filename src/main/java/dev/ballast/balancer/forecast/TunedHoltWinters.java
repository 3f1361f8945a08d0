package dev.ballast.balancer.forecast;

import dev.ballast.balancer.forecast.HoltWinters.Smoothing;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A yardstick: Holt-Winters with the constants that predicted a training part best, one tick ahead
 * (least squares over a grid of 500), with the quantiles of the errors that it made so far.
 */
public final class TunedHoltWinters implements SeriesForecaster {
  private static final double[] LEVEL = {0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9};
  private static final double[] TREND = {0, 0.01, 0.05, 0.2};
  private static final double[] SEASON = {0.02, 0.05, 0.1, 0.3, 0.6};
  private static final double[] DAMPING = {0.9, 0.98, 1};

  private final HoltWinters smoothed;
  private final EmpiricalSpread[] spread;
  private final Deque<double[]> said = new ArrayDeque<>();

  /**
   * Tunes itself, and has then observed the training part.
   *
   * @param period in ticks; 1: no season
   * @param horizons longest distance, in ticks
   */
  public TunedHoltWinters(int period, int horizons, double[] training) {
    smoothed = new HoltWinters(best(period, training), period);
    spread = new EmpiricalSpread[horizons + 1];
    Arrays.setAll(spread, _ -> new EmpiricalSpread());
    for (double count : training) {
      observe(count);
    }
  }

  private static Smoothing best(int period, double[] training) {
    Smoothing best = new Smoothing(LEVEL[0], 0, 0, 1);
    double least = Double.POSITIVE_INFINITY;
    for (double level : LEVEL) {
      for (double trend : TREND) {
        for (double damping : trend == 0 ? new double[] {1} : DAMPING) {
          for (double season : period == 1 ? new double[] {0} : SEASON) {
            Smoothing tried = new Smoothing(level, trend, season, damping);
            double squares = squares(tried, period, training);
            if (squares < least) {
              least = squares;
              best = tried;
            }
          }
        }
      }
    }
    return best;
  }

  private static double squares(Smoothing tried, int period, double[] training) {
    HoltWinters smoothed = new HoltWinters(tried, period);
    double squares = 0;
    for (int i = 0; i < training.length; i++) {
      if (i > 2 * period) {
        double off = training[i] - smoothed.ahead(1);
        squares += off * off;
      }
      smoothed.observe(training[i]);
    }
    return squares;
  }

  @Override
  public void observe(double count) {
    // Of what was said last, the first entry was about this tick; and so on, further back.
    int steps = 1;
    for (double[] then : said) {
      spread[steps].observe(count - then[steps]);
      steps++;
    }
    smoothed.observe(count);
    double[] ahead = new double[spread.length];
    for (int h = 1; h < ahead.length; h++) {
      ahead[h] = smoothed.ahead(h);
    }
    said.addFirst(ahead);
    if (said.size() >= spread.length) {
      said.removeLast();
    }
  }

  @Override
  public Quantiles ahead(int steps) {
    return spread[steps].around(Math.max(0, smoothed.ahead(steps)));
  }
}
