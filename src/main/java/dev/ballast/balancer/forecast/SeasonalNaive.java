package dev.ballast.balancer.forecast;

import java.util.Arrays;

/**
 * A yardstick: as it was one season ago (one tick ago, without a season), with the quantiles of the
 * errors that this made so far. Hyndman, Athanasopoulos 2021, "Forecasting: principles and
 * practice", 5.2.
 */
public final class SeasonalNaive implements SeriesForecaster {
  private final int period;
  private final double[] counts;
  private final EmpiricalSpread[] spread;
  private int observed;

  /**
   * @param period in ticks
   * @param horizons longest distance, in ticks
   */
  public SeasonalNaive(int period, int horizons) {
    this.period = period;
    counts = new double[period + 2 * horizons + 1];
    spread = new EmpiricalSpread[horizons + 1];
    Arrays.setAll(spread, _ -> new EmpiricalSpread());
  }

  @Override
  public void observe(double count) {
    for (int steps = 1; steps < spread.length; steps++) {
      if (observed - lag(steps) >= 0) {
        spread[steps].observe(count - counts[(observed - lag(steps)) % counts.length]);
      }
    }
    counts[observed++ % counts.length] = count;
  }

  /** Whole seasons back, so far that it is known that many steps before. */
  private int lag(int steps) {
    return period * ((steps + period - 1) / period);
  }

  @Override
  public Quantiles ahead(int steps) {
    int at = Math.max(0, observed - 1 + steps - lag(steps));
    return spread[steps].around(counts[at % counts.length]);
  }
}
