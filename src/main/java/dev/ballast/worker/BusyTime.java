package dev.ballast.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** Share of slot time spent on attempts within a sliding window. */
final class BusyTime {
  private record Step(long nanos, int busy) {}

  private final int slots;
  private final long windowNanos;
  private final Deque<Step> steps = new ArrayDeque<>();
  private int busy;

  BusyTime(int slots, Duration window) {
    this.slots = slots;
    this.windowNanos = window.toNanos();
  }

  synchronized void began(long nanos) {
    steps.addLast(new Step(nanos, ++busy));
  }

  synchronized void ended(long nanos) {
    steps.addLast(new Step(nanos, --busy));
  }

  /** Utilization of the window before {@code nanos}, 0–1; absent before anything ever ran. */
  synchronized OptionalDouble ratio(long nanos) {
    if (steps.isEmpty()) {
      return OptionalDouble.empty();
    }
    long from = nanos - windowNanos;
    while (steps.size() > 1 && second().nanos() <= from) {
      steps.removeFirst();
    }
    double area = 0;
    Step previous = null;
    for (Step step : steps) {
      if (previous != null) {
        area += (double) previous.busy() * (step.nanos() - Math.max(from, previous.nanos()));
      }
      previous = step;
    }
    Step last = steps.getLast();
    area += (double) last.busy() * (nanos - Math.max(from, last.nanos()));
    return OptionalDouble.of(Math.clamp(area / ((double) windowNanos * slots), 0, 1));
  }

  private Step second() {
    var iterator = steps.iterator();
    iterator.next();
    return iterator.next();
  }
}
