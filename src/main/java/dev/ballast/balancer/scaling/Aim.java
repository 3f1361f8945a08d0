package dev.ballast.balancer.scaling;

/**
 * What scaling is for.
 *
 * @param waitSeconds 95 % of the tasks should wait no longer, more than 0
 * @param quantile of the demand that is prepared for, 0–1
 * @param drainSeconds in which what waits already should be worked off, more than 0
 * @param reserveRatio share of the demand that is kept free beside it, for surges that come faster
 *     than a browser; 0 or more
 * @param utilizationRatio share of the slots that what arrives may keep busy, more than 0; 1: as
 *     far as the other aims allow
 */
public record Aim(
    double waitSeconds,
    double quantile,
    double drainSeconds,
    double reserveRatio,
    double utilizationRatio) {
  /** Share of the tasks for which {@link #waitSeconds} holds. */
  public static final double SHARE = 0.95;

  /** A short wait, for what is expected and a tenth more. */
  public static final Aim DEFAULTS = new Aim(2, 0.5, 15, 0.1);

  public Aim {
    if (!(waitSeconds > 0
        && quantile > 0
        && quantile < 1
        && drainSeconds > 0
        && reserveRatio >= 0
        && utilizationRatio > 0
        && utilizationRatio <= 1)) {
      throw new IllegalArgumentException(
          "no aim: 95 %% wait less than %s s, quantile %s, drain in %s s, reserve %s, utilization %s"
              .formatted(waitSeconds, quantile, drainSeconds, reserveRatio, utilizationRatio));
    }
  }

  /** Slots may be as busy as the other aims allow. */
  public Aim(double waitSeconds, double quantile, double drainSeconds, double reserveRatio) {
    this(waitSeconds, quantile, drainSeconds, reserveRatio, 1);
  }

  /** The same with at most that share of the slots busy. */
  public Aim withUtilization(double ratio) {
    return new Aim(waitSeconds, quantile, drainSeconds, reserveRatio, ratio);
  }
}
