package dev.ballast.balancer.scaling;

/**
 * What scaling is for.
 *
 * @param waitSeconds 95 % of the tasks should wait no longer, more than 0
 * @param quantile of the demand that is prepared for, 0–1
 * @param drainSeconds in which what waits already should be worked off, more than 0
 * @param reserveRatio share of the demand that is kept free beside it, for surges that come faster
 *     than a browser; 0 or more
 */
public record Aim(double waitSeconds, double quantile, double drainSeconds, double reserveRatio) {
  /** Share of the tasks for which {@link #waitSeconds} holds. */
  public static final double SHARE = 0.95;

  /** A short wait, for what is expected and a tenth more. */
  public static final Aim DEFAULTS = new Aim(2, 0.5, 15, 0.1);

  public Aim {
    if (!(waitSeconds > 0
        && quantile > 0
        && quantile < 1
        && drainSeconds > 0
        && reserveRatio >= 0)) {
      throw new IllegalArgumentException(
          "no aim: 95 %% wait less than %s s, quantile %s, drain in %s s, reserve %s"
              .formatted(waitSeconds, quantile, drainSeconds, reserveRatio));
    }
  }
}
