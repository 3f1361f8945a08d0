package dev.ballast.simulate;

import dev.ballast.balancer.schedule.Estimator;

/** The true means. */
final class KnownTimes implements Estimator {
  private final double[][] service;
  private final int[][] variant;
  private final Truth truth;
  private long read;

  KnownTimes(Truth truth) {
    this.truth = truth;
    int models = truth.workload().models().size();
    int classes = truth.workload().browsers().size();
    service = new double[models][classes];
    variant = new int[models][classes];
    read();
  }

  private void read() {
    read = truth.version();
    for (int of = 0; of < service.length; of++) {
      for (int at = 0; at < service[of].length; at++) {
        service[of][at] = Double.POSITIVE_INFINITY;
        variant[of][at] = -1;
        for (int on = 0; on < truth.backends().size(); on++) {
          double time = truth.serviceSeconds(of, at, on);
          if (time < service[of][at]) {
            service[of][at] = time;
            variant[of][at] = truth.variant(of, on);
          }
        }
      }
    }
  }

  @Override
  public double serviceSeconds(int group, int pool) {
    readReleases();
    return service[group][pool];
  }

  @Override
  public double loadSeconds(int group, int pool) {
    return truth.loadSeconds(group, pool);
  }

  @Override
  public int variant(int group, int pool) {
    readReleases();
    return variant[group][pool];
  }

  @Override
  public double relativeError(int group, int pool) {
    return 0;
  }

  @Override
  public double successRatio(int group, int pool) {
    return 1 - truth.workload().models().get(group).failureRatio();
  }

  @Override
  public long version() {
    return truth.version();
  }

  private void readReleases() {
    if (read != truth.version()) {
      read();
    }
  }

  @Override
  public void learn(
      int group,
      int pool,
      int ofVariant,
      boolean succeeded,
      double serviceSeconds,
      double loadSeconds) {
    // Nothing is left to learn.
  }
}
