package dev.ballast.simulate.stealing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The virtual time of a run. What is planned for one moment happens in the order of planning. */
final class Timeline {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Planned> plan =
      new PriorityQueue<>(
          Comparator.comparingLong(Planned::nanos).thenComparingLong(Planned::number));
  private long nanos;
  private long planned;

  private record Planned(long nanos, long number, Runnable what) {}

  Instant now() {
    return START.plusNanos(nanos);
  }

  double seconds() {
    return nanos / 1e9;
  }

  void after(double seconds, Runnable what) {
    plan.add(new Planned(nanos + Math.max(0, Math.round(seconds * 1e9)), planned++, what));
  }

  /** At that time, or now when it is past. */
  void at(Instant then, Runnable what) {
    after(Duration.between(now(), then).toNanos() / 1e9, what);
  }

  /** Lets the next thing happen; false when nothing is planned any more. */
  boolean step() {
    Planned next = plan.poll();
    if (next == null) {
      return false;
    }
    nanos = next.nanos();
    next.what().run();
    return true;
  }
}
