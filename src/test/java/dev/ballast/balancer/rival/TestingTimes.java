package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Times;

/** Each group runs in the pool of its own number only, for 1 s, as the same variant. */
record TestingTimes(int variant) implements Times {
  @Override
  public double serviceSeconds(int group, int pool) {
    return group == pool ? 1 : Double.POSITIVE_INFINITY;
  }

  @Override
  public double loadSeconds(int group, int pool) {
    return 0;
  }

  @Override
  public int variant(int group, int pool) {
    return group == pool ? variant : -1;
  }

  @Override
  public double relativeError(int group, int pool) {
    return 0;
  }

  @Override
  public double successRatio(int group, int pool) {
    return 1;
  }

  @Override
  public long version() {
    return 0;
  }
}
