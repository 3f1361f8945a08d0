package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Times;

/**
 * Times as they may well be: {@code service · exp(−hope · error)}. What is uncertain looks a little
 * better than what is known to be as good, is tried, and is then known: optimism in the face of
 * uncertainty (Lai, Robbins 1985, "Asymptotically efficient adaptive allocation rules").
 *
 * <pre>
 * hope = optimism                                     while tasks wait for slots
 *      = optimism · max(1, curiosity · √ln(1 + N))    while slots wait for tasks
 * </pre>
 *
 * after N measurements of the model. That it grows (Auer et al. 2002, UCB1) lets a wrong belief be
 * found out where nothing else ever leads there; it is done when it delays nobody else.
 */
final class HopefulTimes implements Times {
  private final Times learned;
  private final double optimism;
  private final double curiosity;
  private boolean calm = true;

  HopefulTimes(Times learned, double optimism, double curiosity) {
    this.learned = learned;
    this.optimism = optimism;
    this.curiosity = curiosity;
  }

  /** Whether slots wait for tasks, from now on. */
  void setCalm(boolean slotsWait) {
    calm = slotsWait;
  }

  double hope(int group) {
    return calm
        ? optimism * Math.max(1, curiosity * Math.sqrt(StrictMath.log1p(observations(group))))
        : optimism;
  }

  @Override
  public double serviceSeconds(int group, int pool) {
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
