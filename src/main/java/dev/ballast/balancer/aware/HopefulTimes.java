package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Times;

/**
 * Times as they may well be: {@code service · exp(−optimism · error)}. What is uncertain looks a
 * little better than what is known to be as good, is tried, and is then known: optimism in the face
 * of uncertainty (Lai, Robbins 1985, "Asymptotically efficient adaptive allocation rules").
 */
record HopefulTimes(Times learned, double optimism) implements Times {
  @Override
  public double serviceSeconds(int group, int pool) {
    double seconds = learned.serviceSeconds(group, pool);
    double error = learned.relativeError(group, pool);
    return error > 0 ? seconds * Math.exp(-optimism * error) : seconds;
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
  public double successRatio(int group, int pool) {
    return learned.successRatio(group, pool);
  }

  @Override
  public long version() {
    return learned.version();
  }
}
