package dev.ballast.balancer.scaling;

/**
 * What scaling is for.
 *
 * @param waitSeconds 95 % of the tasks should wait no longer, more than 0
 * @param quantile of the demand that is prepared for, 0–1
 * @param drainSeconds in which what waits already should be worked off, more than 0
 */
public record Aim(double waitSeconds, double quantile, double drainSeconds) {
  /** Share of the tasks for which {@link #waitSeconds} holds. */
  public static final double SHARE = 0.95;

  /** A short wait, prepared for what is exceeded one time in ten. */
  public static final Aim DEFAULTS = new Aim(5, 0.9, 30);

  public Aim {
    if (!(waitSeconds > 0 && quantile > 0 && quantile < 1 && drainSeconds > 0)) {
      throw new IllegalArgumentException(
          "no aim: 95 %% wait less than %s s, quantile %s, drain in %s s"
              .formatted(waitSeconds, quantile, drainSeconds));
    }
  }
}
