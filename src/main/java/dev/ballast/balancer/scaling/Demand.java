package dev.ballast.balancer.scaling;

import dev.ballast.balancer.forecast.MultiServerQueue;

/**
 * What a pool has to do.
 *
 * @param arrivalsPerSecond 0 or more
 * @param serviceSeconds mean time of a task in a slot, loads included, more than 0
 * @param variation coefficient of variation of that time, 0 or more
 * @param waiting tasks that wait for it now, in excess of what arrives
 */
public record Demand(
    double arrivalsPerSecond, double serviceSeconds, double variation, double waiting) {
  private static final int MOST_SLOTS = 100_000;

  public Demand {
    if (!(arrivalsPerSecond >= 0 && serviceSeconds > 0 && variation >= 0 && waiting >= 0)) {
      throw new IllegalArgumentException(
          "no demand: %s/s of %s s (variation %s), %s waiting"
              .formatted(arrivalsPerSecond, serviceSeconds, variation, waiting));
    }
  }

  /**
   * The fewest slots that reach the aim: arrivals, the reserve and, spread over the time to drain
   * it, the backlog, before as many slots as {@link MultiServerQueue} needs for the wait, and not
   * fewer than keep the arrivals within the share of slots that may be busy.
   */
  public int slots(Aim aim) {
    double rate = arrivalsPerSecond * (1 + aim.reserveRatio()) + waiting / aim.drainSeconds();
    if (rate == 0) {
      return 0;
    }
    double roomy = Math.ceil(arrivalsPerSecond * serviceSeconds / aim.utilizationRatio());
    int low = (int) Math.min(MOST_SLOTS, Math.max(roomy, Math.floor(rate * serviceSeconds) + 1));
    int high = low;
    while (high < MOST_SLOTS && !reaches(rate, high, aim)) {
      low = high + 1;
      high = Math.min(MOST_SLOTS, high + Math.max(1, high / 4));
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (reaches(rate, middle, aim)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }

  private boolean reaches(double rate, int slots, Aim aim) {
    return new MultiServerQueue(rate, serviceSeconds, variation, slots)
            .waitQuantileSeconds(Aim.SHARE)
        <= aim.waitSeconds();
  }
}
