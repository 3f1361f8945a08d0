package dev.ballast.simulate.scaling;

import dev.ballast.balancer.scaling.Stabilizer;
import dev.ballast.simulate.FleetSize.Sight;

/**
 * The Kubernetes HPA (autoscaling/v2 with its defaults): every 15 s, a tolerance of 10 %, up by at
 * most the greater of 4 and 100 %, down only to the most that was wanted in the last 300 s, where
 * what it finds at first counts as wanted (recordInitialRecommendation). By utilization, desired =
 * ready × utilization ÷ target; by a queue as KEDA's scalers tell it (messages not yet
 * acknowledged: what waits and what runs), desired = queue ÷ target.
 */
final class Horizontal implements ScalingRule {
  private static final double TICK_SECONDS = 15;
  private static final double TOLERANCE = 0.1;
  private static final double STABLE_SECONDS = 300;
  private static final int MOST_UP = 4;

  private final boolean byQueue;
  private final double target;
  private final Stabilizer stabilizer = new Stabilizer(STABLE_SECONDS);
  private boolean begun;

  private Horizontal(boolean byQueue, double target) {
    this.byQueue = byQueue;
    this.target = target;
  }

  /** {@code target}: share of the slots that should be busy, 0–1. */
  static Horizontal byUtilization(double target) {
    return new Horizontal(false, target);
  }

  /** {@code target}: tasks for each browser. */
  static Horizontal byQueue(double target) {
    return new Horizontal(true, target);
  }

  @Override
  public double intervalSeconds() {
    return TICK_SECONDS;
  }

  @Override
  public int wanted(Sight sight) {
    int ready = Math.max(1, sight.ready());
    if (!begun) {
      begun = true;
      stabilizer.take(sight.nowSeconds(), sight.ready());
    }
    double each = byQueue ? target : target * sight.slots();
    double now = byQueue ? sight.waiting() + sight.busySlots() : sight.busySlots();
    double ratio = now / each / ready;
    int wanted = Math.abs(ratio - 1) <= TOLERANCE ? ready : (int) Math.ceil(now / each);
    int most = Math.max(ready + MOST_UP, 2 * ready);
    return stabilizer.take(sight.nowSeconds(), Math.min(wanted, most));
  }
}
