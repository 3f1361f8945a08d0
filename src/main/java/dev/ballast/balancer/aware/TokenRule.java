package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Times;

/**
 * While a backlog is long: a free slot takes what the programme gave to its pool, models it has
 * loaded first, and of those the one with most work left per slot that runs it.
 */
final class TokenRule {
  private static final double OVERDUE = 0.15;
  private static final double LEAST_SHARE = 0.3;

  private final Board board;
  private final Times times;
  private final SlotTable slots;
  private final Prices prices;
  private final Tuning tuning;

  TokenRule(Board board, Times times, SlotTable slots, Prices prices, Tuning tuning) {
    this.board = board;
    this.times = times;
    this.slots = slots;
    this.prices = prices;
    this.tuning = tuning;
  }

  /** The group to start, or -1 to leave the slot idle. */
  int next(int slot, int[] runningInPool) {
    int browser = slots.browser(slot);
    int pool = board.pool(browser);
    int best = -1;
    double most = -1;
    boolean bestResident = false;
    for (int g = 0; g < board.groups(); g++) {
      int variant = times.variant(g, pool);
      if (!board.startable(g)
          || variant < 0
          || prices.left(g, pool) <= LEAST_SHARE
          || !board.fits(browser, variant)) {
        continue;
      }
      boolean resident = board.resident(browser, variant);
      double work =
          prices.left(g, pool)
              * StrictMath.pow(times.serviceSeconds(g, pool), tuning.tokenPower())
              / (1 + runningInPool[g]);
      if ((resident && !bestResident) || (resident == bestResident && work > most)) {
        best = g;
        most = work;
        bestResident = resident;
      }
    }
    return best >= 0 ? best : firstHere(browser, pool);
  }

  /** A group whose task ends here before any other pool would end it. */
  private int firstHere(int browser, int pool) {
    for (int g = 0; g < board.groups(); g++) {
      int variant = times.variant(g, pool);
      if (board.startable(g)
          && variant >= 0
          && board.fits(browser, variant)
          && endsHereFirst(g, browser, pool)) {
        return g;
      }
    }
    return -1;
  }

  private boolean endsHereFirst(int group, int browser, int pool) {
    double here = end(group, browser, board.nowSeconds());
    for (int s = 0; s < slots.size(); s++) {
      int other = slots.browser(s);
      int otherPool = board.pool(other);
      if (slots.usable(s) && otherPool != pool && times.canRun(group, otherPool)) {
        double there = end(group, other, slots.readySeconds(s, OVERDUE));
        // One of two pools that tie must go first, or both would wait for the other.
        if (there < here || (there == here && otherPool < pool)) {
          return false;
        }
      }
    }
    return true;
  }

  private double end(int group, int browser, double ready) {
    int pool = board.pool(browser);
    return ready
        + times.serviceSeconds(group, pool)
        + (board.resident(browser, times.variant(group, pool))
            ? 0
            : times.loadSeconds(group, pool));
  }
}
