package dev.ballast.balancer;

import org.jspecify.annotations.Nullable;

/**
 * Notices that what is measured has shifted: cumulative sums of the standardised deviations in
 * either direction (Page 1954, "Continuous inspection schemes").
 *
 * <pre>
 * up = max(0, up + z − 0.5), down = max(0, down − z − 0.5)     shifted ⇔ one of them &gt; limit
 * </pre>
 *
 * A shift by a factor of 1.5, at a scatter of 25 %, is found after about eight observations with a
 * limit of 8, ten with 10; a false alarm comes every ten thousand, every sixty thousand. Since when
 * it is so is known, too: since the sum last was 0.
 */
final class ShiftWatch {
  private static final double ALLOWANCE = 0.5;

  /** One wild value is no shift. */
  private static final double WILDEST = 3;

  private final double limit;
  private final Side up = new Side();
  private final Side down = new Side();

  /** What was observed since the sum last was 0. */
  private static final class Side {
    double sum;
    double logs;
    int count;

    /** Of what the last one was, and whether one before was of something else. */
    @Nullable Object source;

    boolean several;

    void add(double deviation, double log, Object from) {
      sum = Math.max(0, sum + deviation - ALLOWANCE);
      if (sum == 0) {
        clear();
        return;
      }
      logs += log;
      count++;
      several |= source != null && !source.equals(from);
      source = from;
    }

    void clear() {
      sum = 0;
      logs = 0;
      count = 0;
      source = null;
      several = false;
    }
  }

  ShiftWatch(double limit) {
    this.limit = limit;
  }

  /**
   * True when the observations tell of a shift, of which {@link #since} then tells.
   *
   * @param source of what it is an observation
   */
  boolean add(double log, double mean, double standardError, Object source) {
    double z = Math.clamp((log - mean) / standardError, -WILDEST, WILDEST);
    up.add(z, log, source);
    down.add(-z, log, source);
    return up.sum > limit || down.sum > limit;
  }

  /** Whether observations of more than one thing told of it. */
  boolean ofSeveral() {
    return later().several;
  }

  /** Observations since the shift. */
  int since() {
    return later().count;
  }

  /** Their mean. */
  double meanSince() {
    return later().logs / later().count;
  }

  /** Begins anew. */
  void clear() {
    up.clear();
    down.clear();
  }

  private Side later() {
    return up.sum > down.sum ? up : down;
  }
}
