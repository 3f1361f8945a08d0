package dev.ballast.simulate.scaling;

import dev.ballast.simulate.FleetSize.Sight;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The Knative pod autoscaler (serving/pkg/autoscaler/scaling): desired = mean concurrency over 60 s
 * ÷ target; where the mean over 6 s wants at least twice what is ready it panics, and never scales
 * down until 60 s after; it begins so when it finds more than one. Down at most to half at a time.
 * Concurrency is what waits and what runs.
 */
final class Knative implements ScalingRule {
  private static final double TICK_SECONDS = 2;
  private static final double STABLE_SECONDS = 60;
  private static final double PANIC_SECONDS = 6;
  private static final double PANIC_THRESHOLD = 2;
  private static final double MOST_DOWN = 2;

  private final double target;
  private final Deque<double[]> seen = new ArrayDeque<>();
  private double panicUntil = Double.NEGATIVE_INFINITY;
  private int panicked;
  private boolean begun;

  /** {@code target}: share of a browser's slots that should be in use; Knative's default is 0.7. */
  Knative(double target) {
    this.target = target;
  }

  @Override
  public double intervalSeconds() {
    return TICK_SECONDS;
  }

  @Override
  public int wanted(Sight sight) {
    double now = sight.nowSeconds();
    seen.addLast(new double[] {now, sight.waiting() + sight.busySlots()});
    while (seen.getFirst()[0] <= now - STABLE_SECONDS) {
      seen.removeFirst();
    }
    double each = target * sight.slots();
    int ready = Math.max(1, sight.ready());
    int least = (int) Math.floor(ready / MOST_DOWN);
    int stable = Math.max(least, (int) Math.ceil(mean(now - STABLE_SECONDS) / each));
    int panic = Math.max(least, (int) Math.ceil(mean(now - PANIC_SECONDS) / each));
    if (!begun) {
      begun = true;
      if (ready > 1) {
        panicked = ready;
        panicUntil = now + STABLE_SECONDS;
      }
    }
    if (panic >= PANIC_THRESHOLD * ready) {
      panicked = now >= panicUntil ? ready : panicked;
      panicUntil = now + STABLE_SECONDS;
    }
    if (now < panicUntil) {
      panicked = Math.max(panicked, Math.max(stable, panic));
      return panicked;
    }
    return stable;
  }

  private double mean(double since) {
    return seen.stream()
        .filter(sample -> sample[0] > since)
        .mapToDouble(sample -> sample[1])
        .average()
        .orElse(0);
  }
}
