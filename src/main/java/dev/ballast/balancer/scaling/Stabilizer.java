package dev.ballast.balancer.scaling;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * More at once, fewer only when fewer were enough for a while: the most of what was asked for
 * lately, as the Kubernetes HPA stabilises scaling down.
 */
public final class Stabilizer {
  private final double windowSeconds;
  private final Deque<double[]> asked = new ArrayDeque<>();

  public Stabilizer(double windowSeconds) {
    this.windowSeconds = windowSeconds;
  }

  /** {@code now}: never earlier than before, in seconds. */
  public int take(double now, int workers) {
    while (!asked.isEmpty() && asked.getFirst()[0] < now - windowSeconds) {
      asked.removeFirst();
    }
    while (!asked.isEmpty() && asked.getLast()[1] <= workers) {
      asked.removeLast();
    }
    asked.addLast(new double[] {now, workers});
    return (int) asked.getFirst()[1];
  }
}
