package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * While a backlog is long: a free slot takes what the programme gave to its pool, models it has
 * loaded first, and of those the one with most work left per slot that runs it. A slot without such
 * a share takes what it would end before any other pool, or stays idle.
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

  /** The group to start of those with a share of the slot's pool, or -1. */
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
    return best;
  }

  /** A start that no other pool would end before. */
  record Start(int group, int slot, double endSeconds) {}

  /**
   * Of what these slots could start now the task that ends first, if it ends there before any other
   * pool would end it; null when there is none. What starts makes its slot busy, so that others may
   * follow. Asked until there is none, it finds the same starts in whatever order the slots stand.
   */
  @Nullable Start firstHere(int[] ofSlots) {
    Start first = null;
    int[] candidate = new int[board.pools()];
    double[] end = new double[board.pools()];
    for (int g = 0; g < board.groups(); g++) {
      if (!board.startable(g)) {
        continue;
      }
      Arrays.fill(end, first == null ? Double.POSITIVE_INFINITY : first.endSeconds());
      Arrays.fill(candidate, -1);
      for (int s : ofSlots) {
        int browser = slots.browser(s);
        int pool = board.pool(browser);
        int variant = times.variant(g, pool);
        if (variant >= 0 && board.fits(browser, variant)) {
          double here = end(g, browser, board.nowSeconds());
          if (here < end[pool]) {
            end[pool] = here;
            candidate[pool] = s;
          }
        }
      }
      for (int c = 0; c < candidate.length; c++) {
        if (candidate[c] >= 0
            && (first == null || end[c] < first.endSeconds())
            && endsHereFirst(g, end[c], c)) {
          first = new Start(g, candidate[c], end[c]);
        }
      }
    }
    return first;
  }

  private boolean endsHereFirst(int group, double here, int pool) {
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
