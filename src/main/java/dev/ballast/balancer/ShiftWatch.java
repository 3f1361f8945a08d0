package dev.ballast.balancer;

/**
 * Notices that what is measured of one model has shifted, in either direction.
 *
 * <pre>
 * shifted ⇔ one of two {@link CumulativeSum} &gt; 10
 * </pre>
 *
 * A shift by a factor of 1.5, at a scatter of 25 %, is found after about ten observations; a false
 * alarm comes every sixty thousand. Since when it is so is known, too: since the sum last was 0.
 */
final class ShiftWatch {
  private static final double LIMIT = 10;

  private final CumulativeSum up = new CumulativeSum();
  private final CumulativeSum down = new CumulativeSum();

  /** True when the observations tell of a shift, of which {@link #since} then tells. */
  boolean add(double log, double mean, double standardError) {
    double deviation = CumulativeSum.deviation(log, mean, standardError);
    up.add(deviation, log);
    down.add(-deviation, log);
    return later().sum() > LIMIT;
  }

  /** Observations since the shift. */
  int since() {
    return later().count();
  }

  /** Their mean. */
  double meanSince() {
    return later().mean();
  }

  /** Begins anew. */
  void clear() {
    up.clear();
    down.clear();
  }

  private CumulativeSum later() {
    return up.sum() > down.sum() ? up : down;
  }
}
