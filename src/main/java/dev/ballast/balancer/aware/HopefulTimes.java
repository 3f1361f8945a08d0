package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;

/**
 * Times as they may well be: {@code service · exp(−hope · error)}. What is uncertain looks a little
 * better than what is known to be as good, is tried, and is then known: optimism in the face of
 * uncertainty (Lai, Robbins 1985, "Asymptotically efficient adaptive allocation rules").
 *
 * <pre>
 * hope = busyOptimism                                 while tasks wait for slots
 *      = optimism · max(1, curiosity · √ln(1 + N))    while slots wait for tasks
 * </pre>
 *
 * after N measurements of the model. That it grows (Auer et al. 2002, UCB1) lets a wrong belief be
 * found out where nothing else ever leads there; it is done when it delays nobody else. What runs
 * counts as measured already, see {@code Tries}.
 */
final class HopefulTimes implements Times {
  private final Times learned;
  private final Tuning tuning;
  private boolean calm = true;

  // Answers are kept until something is learned or the calm ends: a decision asks often.
  private final double[][][] kept = new double[2][0][];
  private long keptVersion = Long.MIN_VALUE;

  HopefulTimes(Times learned, Tuning tuning) {
    this.learned = learned;
    this.tuning = tuning;
  }

  /** Whether slots wait for tasks, from now on. */
  void setCalm(boolean slotsWait) {
    calm = slotsWait;
  }

  /** What can run where has changed, which is no measurement. */
  void possibilitiesChanged() {
    keptVersion = learned.version() - 1;
  }

  double hope(int group) {
    return calm
        ? tuning.optimism()
            * Math.max(1, tuning.curiosity() * Math.sqrt(StrictMath.log1p(observations(group))))
        : tuning.busyOptimism();
  }

  @Override
  public double serviceSeconds(int group, int pool) {
    if (keptVersion != learned.version()) {
      keptVersion = learned.version();
      for (double[][] of : kept) {
        for (double[] row : of) {
          Arrays.fill(row, Double.NaN);
        }
      }
    }
    double[] row = row(group, pool);
    if (Double.isNaN(row[pool])) {
      row[pool] = hopefulSeconds(group, pool);
    }
    return row[pool];
  }

  private double[] row(int group, int pool) {
    int mood = calm ? 1 : 0;
    int known = kept[mood].length;
    if (group >= known) {
      kept[mood] = Arrays.copyOf(kept[mood], group + 1);
      Arrays.fill(kept[mood], known, group + 1, new double[0]);
    }
    double[] row = kept[mood][group];
    if (pool >= row.length) {
      int before = row.length;
      row = Arrays.copyOf(row, pool + 1);
      Arrays.fill(row, before, row.length, Double.NaN);
      kept[mood][group] = row;
    }
    return row;
  }

  private double hopefulSeconds(int group, int pool) {
    double seconds = learned.serviceSeconds(group, pool);
    double error = learned.relativeError(group, pool);
    return error > 0 ? seconds * StrictMath.exp(-hope(group) * error) : seconds;
  }

  @Override
  public double loadSeconds(int group, int pool) {
    return learned.loadSeconds(group, pool);
  }

  @Override
  public int variant(int group, int pool) {
    return learned.variant(group, pool);
  }

  @Override
  public double relativeError(int group, int pool) {
    return learned.relativeError(group, pool);
  }

  @Override
  public double observations(int group) {
    return learned.observations(group);
  }

  @Override
  public double successRatio(int group, int pool) {
    return learned.successRatio(group, pool);
  }

  @Override
  public long version() {
    return 2 * learned.version() + (calm ? 1 : 0);
  }
}
