package dev.ballast.balancer.forecast;

import java.util.Arrays;

/**
 * Season, trend and level of a series of counts, with quantiles. On the {@link RootScale} a mixture
 * of {@link Experts} predicts, {@link QuantileTracker}s say how far off that is, each for its own
 * distance. Beside it runs the mere reaction, "as now" (a mean over about three ticks): its loss
 * and that of the mixture are tracked for each distance, and where the mixture was worse lately the
 * very next answer is the reaction.
 */
public final class AdaptiveForecaster implements SeriesForecaster {
  private static final double MEMORY = 0.99;
  private static final HoltWinters.Smoothing AS_NOW = new HoltWinters.Smoothing(0.5, 0, 0, 1);

  private final int horizons;
  private final Experts experts;
  private final HoltWinters now = new HoltWinters(AS_NOW, 1);
  private final QuantileTracker[] spread;
  private final QuantileTracker[] nowSpread;
  private final double[] loss;
  private final double[] nowLoss;
  private final Said[][] said;
  private int observed;

  /** What was said of one tick. */
  private record Said(double mixed, double now, Quantiles quantiles, Quantiles reaction) {}

  private final double[][][] opinions;

  /**
   * @param period of the season in ticks; 1: none
   * @param horizons the longest distance that will be asked for, in ticks
   */
  public AdaptiveForecaster(int period, int horizons) {
    if (period < 1 || horizons < 1) {
      throw new IllegalArgumentException(
          "period (%d) and horizons (%d) must be at least 1".formatted(period, horizons));
    }
    this.horizons = horizons;
    experts = new Experts(period, horizons);
    spread = trackers();
    nowSpread = trackers();
    loss = new double[horizons + 1];
    nowLoss = new double[horizons + 1];
    said = new Said[horizons + 1][horizons + 1];
    opinions = new double[horizons + 1][horizons + 1][];
  }

  private QuantileTracker[] trackers() {
    QuantileTracker[] trackers = new QuantileTracker[horizons + 1];
    Arrays.setAll(trackers, _ -> new QuantileTracker());
    return trackers;
  }

  @Override
  public void observe(double count) {
    if (!(count >= 0 && count < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a count (%s) must be 0 or more".formatted(count));
    }
    double root = RootScale.of(count);
    for (int steps = 1; steps <= Math.min(horizons, observed); steps++) {
      judge(steps, count, root);
    }
    experts.observe(root);
    now.observe(root);
    observed++;
    int row = observed % (horizons + 1);
    for (int steps = 1; steps <= horizons; steps++) {
      double[] opinion = experts.ahead(steps);
      double mixed = experts.mix(steps, opinion);
      double asNow = now.ahead(steps);
      opinions[row][steps] = opinion;
      said[row][steps] =
          new Said(
              mixed, asNow, quantiles(mixed, spread[steps]), quantiles(asNow, nowSpread[steps]));
    }
  }

  private void judge(int steps, double count, double root) {
    int row = (observed + 1 - steps) % (horizons + 1);
    Said then = said[row][steps];
    experts.judge(steps, opinions[row][steps], root, spread[steps].scale());
    loss[steps] = MEMORY * loss[steps] + then.quantiles().pinballLoss(count);
    nowLoss[steps] = MEMORY * nowLoss[steps] + then.reaction().pinballLoss(count);
    spread[steps].observe(root - then.mixed());
    nowSpread[steps].observe(root - then.now());
  }

  private static Quantiles quantiles(double root, QuantileTracker spread) {
    double[] values = new double[Quantiles.LEVELS.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = RootScale.back(root + spread.offset(i));
    }
    return Quantiles.of(values);
  }

  @Override
  public Quantiles ahead(int steps) {
    if (observed == 0) {
      throw new IllegalStateException("nothing was observed yet");
    }
    Said latest = said[observed % (horizons + 1)][steps];
    return trusted(steps) ? latest.quantiles() : latest.reaction();
  }

  /** The mere reaction, "as now", whether or not it is better. */
  Quantiles reaction(int steps) {
    return said[observed % (horizons + 1)][steps].reaction();
  }

  /**
   * Recent loss of the forecast at that distance ÷ that of saying "as now": below 1 it helps; NaN
   * until both could be compared.
   */
  public double errorRatio(int steps) {
    return nowLoss[steps] > 0 ? loss[steps] / nowLoss[steps] : Double.NaN;
  }

  /** Whether {@link #ahead} forecasts that distance; else it reacts. */
  public boolean trusted(int steps) {
    return errorRatio(steps) <= 1;
  }

  /** Over how many ticks the forecast of that distance averages at present. */
  public double windowTicks(int steps) {
    return experts.windowTicks(steps);
  }
}
