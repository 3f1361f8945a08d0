package dev.ballast.balancer.forecast;

import java.util.Arrays;

/**
 * Exponential smoothing with a damped trend and an additive season (Holt 1957; Winters 1960;
 * Gardner, McKenzie 1985):
 *
 * <pre>
 * level  ← α·(y − season) + (1 − α)·(level + φ·trend)
 * trend  ← β·(level − former level) + (1 − β)·φ·trend
 * season ← γ·(y − level) + (1 − γ)·season
 * ahead(h) = level + (φ + φ² + … + φ^h)·trend + season of that phase
 * </pre>
 *
 * A window of 1/α ticks. The season starts as the mean of the first two periods; until these have
 * passed, and with a period of 1, there is none.
 */
final class HoltWinters implements Opinion {
  private final Smoothing smoothing;
  private final int period;
  private final double[] season;
  private final double[] start;
  private double level;
  private double trend;
  private int observed;

  /**
   * Its constants, each 0–1.
   *
   * @param level α
   * @param trend β; 0: no trend
   * @param season γ
   * @param damping φ
   */
  record Smoothing(double level, double trend, double season, double damping) {}

  /** {@code period}: in ticks; 1: no season. */
  HoltWinters(Smoothing smoothing, int period) {
    this.smoothing = smoothing;
    this.period = period;
    this.season = new double[period];
    this.start = new double[period == 1 ? 0 : 2 * period];
  }

  @Override
  public void observe(double value) {
    if (observed < start.length) {
      start[observed] = value;
    }
    int phase = observed % period;
    double former = level;
    if (observed == 0) {
      level = value;
    } else {
      double damped = smoothing.damping() * trend;
      // The first ticks weigh alike, so that the very first one does not stay for long.
      double weight = Math.max(smoothing.level(), 1.0 / (observed + 1));
      level = weight * (value - season[phase]) + (1 - weight) * (level + damped);
      trend = smoothing.trend() * (level - former) + (1 - smoothing.trend()) * damped;
    }
    if (observed >= start.length && period > 1) {
      season[phase] =
          smoothing.season() * (value - level) + (1 - smoothing.season()) * season[phase];
    }
    observed++;
    if (observed == start.length) {
      startSeason();
    }
  }

  private void startSeason() {
    double first = Arrays.stream(start, 0, period).average().orElse(0);
    double second = Arrays.stream(start, period, 2 * period).average().orElse(0);
    for (int phase = 0; phase < period; phase++) {
      season[phase] = (start[phase] - first + start[phase + period] - second) / 2;
    }
    level = second;
    trend = 0;
  }

  @Override
  public double ahead(int steps) {
    double damping = smoothing.damping();
    double reach = damping == 1 ? steps : damping * (1 - Math.pow(damping, steps)) / (1 - damping);
    return level + (trend == 0 ? 0 : reach * trend) + season[(observed + steps - 1) % period];
  }
}
