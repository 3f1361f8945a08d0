package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;

/**
 * The end game: every waiting task has a slot. Moves and swaps between slots shorten the later of
 * two ends, event by event, with what is known by then.
 */
final class SlotPlan {
  private static final double OVERDUE = 0.15;
  private static final int CROWDED_TRIED = 8;
  private static final int CROWDED_TRIED_IN_LARGE_FLEETS = 2;
  private static final int LARGE_FLEET_SLOTS = 200;

  /** Slots of each pool, those that end first, that may take over work. */
  private static final int TARGETS = 32;

  private static final int TARGETS_IN_LARGE_FLEETS = 8;

  /** In seconds: less is rounding. */
  private static final double LEAST_GAIN = 1e-9;

  private final Board board;
  private final Times times;
  private final SlotTable slots;
  private final Tuning tuning;

  /** Planned tasks by slot and group. */
  private int[][] planned = new int[0][];

  private int[] plannedOf = new int[0];
  private LoadOrder order = new LoadOrder(0, 0);
  private int[] targets = new int[0];
  private int targetsOfPool = TARGETS;
  private int groups;

  SlotPlan(Board board, Times times, SlotTable slots, Tuning tuning) {
    this.board = board;
    this.times = times;
    this.slots = slots;
    this.tuning = tuning;
  }

  /** Plans all that waits, by the shares of the programme. */
  void build(Prices prices) {
    groups = board.groups();
    int size = slots.size();
    planned = new int[size][groups];
    order = new LoadOrder(size, board.pools());
    targetsOfPool = size > LARGE_FLEET_SLOTS ? TARGETS_IN_LARGE_FLEETS : TARGETS;
    targets = new int[board.pools() * targetsOfPool];
    plannedOf = new int[groups];
    for (int s = 0; s < size; s++) {
      refresh(s);
    }
    int pools = board.pools();
    int[][] share = new int[groups][pools];
    Integer[] longestFirst = new Integer[groups * pools];
    int count = 0;
    for (int g = 0; g < groups; g++) {
      round(g, prices, share[g]);
      for (int c = 0; c < pools; c++) {
        if (share[g][c] > 0) {
          longestFirst[count++] = g * pools + c;
        }
      }
    }
    Arrays.sort(
        longestFirst,
        0,
        count,
        (a, b) ->
            Double.compare(
                times.serviceSeconds(b / pools, b % pools),
                times.serviceSeconds(a / pools, a % pools)));
    for (int i = 0; i < count; i++) {
      int group = longestFirst[i] / pools;
      int pool = longestFirst[i] % pools;
      for (int k = 0; k < share[group][pool]; k++) {
        if (!add(group, pool)) {
          add(group, -1);
        }
      }
    }
  }

  /** Whole tasks by pool, largest remainders first. */
  private void round(int group, Prices prices, int[] share) {
    int open = board.waiting(group);
    double[] rest = new double[share.length];
    for (int c = 0; c < share.length; c++) {
      if (board.poolSlots(c) == 0 || !times.canRun(group, c)) {
        rest[c] = Double.NEGATIVE_INFINITY;
        continue;
      }
      double x = Math.max(0, prices.left(group, c));
      share[c] = Math.min(open, (int) Math.floor(x + 1e-9));
      rest[c] = x - share[c];
      open -= share[c];
    }
    while (open > 0) {
      int best = -1;
      for (int c = 0; c < share.length; c++) {
        if (rest[c] > Double.NEGATIVE_INFINITY
            && (best < 0
                || rest[c] > rest[best] + 1e-12
                || (rest[c] > rest[best] - 1e-12
                    && times.serviceSeconds(group, c) < times.serviceSeconds(group, best)))) {
          best = c;
        }
      }
      if (best < 0) {
        return;
      }
      share[best]++;
      rest[best] -= 1;
      open--;
    }
  }

  /**
   * Plans one more task of the group on the slot that would end it first.
   *
   * @param pool the pool of the slot, or -1 for any
   * @return whether there was a slot for it
   */
  boolean add(int group, int pool) {
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    int count = 0;
    for (int c = 0; c < board.pools(); c++) {
      if (pool < 0 || c == pool) {
        count = order.earliest(c, targetsOfPool, targets, count);
      }
    }
    for (int i = 0; i < count; i++) {
      int slot = targets[i];
      if (slots.usable(slot) && fitsEver(group, slot)) {
        double after = order.end(slot) + cost(group, slot);
        if (after < least) {
          least = after;
          best = slot;
        }
      }
    }
    if (best >= 0) {
      put(group, best);
    }
    return best >= 0;
  }

  private boolean fitsEver(int group, int slot) {
    int browser = slots.browser(slot);
    int pool = board.pool(browser);
    return times.canRun(group, pool)
        && board.variantMiB(times.variant(group, pool)) <= board.memoryMiB(browser) + 1e-6;
  }

  /** Tasks of the group that have a slot. */
  int planned(int group) {
    return group < plannedOf.length ? plannedOf[group] : 0;
  }

  int planned(int slot, int group) {
    return planned[slot][group];
  }

  boolean covers(int groupCount, int slotCount) {
    return groups == groupCount && order.size() == slotCount;
  }

  /** What the group would add to the slot: its time, and its load when nothing there has it. */
  private double cost(int group, int slot) {
    int pool = board.pool(slots.browser(slot));
    return times.serviceSeconds(group, pool)
        + (planned[slot][group] > 0 || resident(group, slot) ? 0 : times.loadSeconds(group, pool));
  }

  private double saved(int group, int slot) {
    int pool = board.pool(slots.browser(slot));
    return times.serviceSeconds(group, pool)
        + (planned[slot][group] > 1 || resident(group, slot) ? 0 : times.loadSeconds(group, pool));
  }

  private boolean resident(int group, int slot) {
    int browser = slots.browser(slot);
    return board.resident(browser, times.variant(group, board.pool(browser)));
  }

  private void put(int group, int slot) {
    double after = order.end(slot) + cost(group, slot);
    planned[slot][group]++;
    plannedOf[group]++;
    order.set(slot, board.pool(slots.browser(slot)), after);
  }

  private void drop(int group, int slot) {
    double after = order.end(slot) - saved(group, slot);
    planned[slot][group]--;
    plannedOf[group]--;
    order.set(slot, board.pool(slots.browser(slot)), after);
  }

  /** A planned task of the group left the queue for that slot. */
  void taken(int group, int slot) {
    if (planned[slot][group] > 0) {
      planned[slot][group]--;
      plannedOf[group]--;
    } else {
      // It ran where another was planned: the plan of the latest slot that has one shrinks.
      int from = -1;
      for (int s = 0; s < order.size(); s++) {
        if (planned[s][group] > 0 && (from < 0 || order.end(s) > order.end(from))) {
          from = s;
        }
      }
      if (from >= 0) {
        drop(group, from);
      }
    }
  }

  /** What runs or is loaded in the slot's browser has changed. */
  void changed(int slot) {
    int browser = slots.browser(slot);
    if (slot < order.size()) {
      for (int s = slots.first(browser); s < slots.first(browser) + board.slots(browser); s++) {
        refresh(s);
      }
    }
  }

  private void refresh(int slot) {
    if (!slots.usable(slot)) {
      order.remove(slot);
      return;
    }
    int pool = board.pool(slots.browser(slot));
    double sum = slots.readySeconds(slot, OVERDUE);
    for (int g = 0; g < groups; g++) {
      int count = planned[slot][g];
      if (count > 0) {
        sum += count * times.serviceSeconds(g, pool);
        if (!resident(g, slot)) {
          sum += times.loadSeconds(g, pool);
        }
      }
    }
    order.set(slot, pool, sum);
  }

  private void refreshIfOverdue(int slot) {
    int task = slots.task(slot);
    if (task == Board.NONE || board.expectedEndSeconds(task) < board.nowSeconds()) {
      refresh(slot);
    }
  }

  /** Improves the plan by at most {@code planSteps} moves or swaps. */
  void improve() {
    int[] crowded =
        new int[order.size() > LARGE_FLEET_SLOTS ? CROWDED_TRIED_IN_LARGE_FLEETS : CROWDED_TRIED];
    for (int step = 0; step < tuning.planSteps(); step++) {
      if (!improveOnce(crowded)) {
        return;
      }
    }
  }

  private boolean improveOnce(int[] crowded) {
    int count = order.latest(crowded);
    for (int i = 0; i < count; i++) {
      refreshIfOverdue(crowded[i]);
      if (relieve(crowded[i])) {
        return true;
      }
    }
    return false;
  }

  /** Moves one task of the slot to another, or swaps it, where that gains most. */
  private boolean relieve(int from) {
    double endHere = order.end(from);
    double[] less = new double[groups];
    double[] moreHere = new double[groups];
    for (int g = 0; g < groups; g++) {
      less[g] = planned[from][g] > 0 ? saved(g, from) : 0;
      moreHere[g] = fitsEver(g, from) ? cost(g, from) : Double.POSITIVE_INFINITY;
    }
    int count = 0;
    for (int c = 0; c < board.pools(); c++) {
      count = order.earliest(c, targetsOfPool, targets, count);
    }
    Exchange best = new Exchange();
    for (int i = 0; i < count; i++) {
      int to = targets[i];
      refreshIfOverdue(to);
      double endThere = order.end(to);
      if (to == from || !slots.usable(to) || endThere >= endHere) {
        continue;
      }
      for (int g = 0; g < groups; g++) {
        if (planned[from][g] == 0 || !fitsEver(g, to)) {
          continue;
        }
        double more = cost(g, to);
        best.consider(g, to, -1, endHere, endThere, -less[g], more);
        for (int h = 0; h < groups; h++) {
          if (h != g && planned[to][h] > 0 && moreHere[h] < less[g]) {
            best.consider(g, to, h, endHere, endThere, moreHere[h] - less[g], more - saved(h, to));
          }
        }
      }
    }
    if (best.group < 0) {
      return false;
    }
    drop(best.group, from);
    put(best.group, best.slot);
    if (best.back >= 0) {
      drop(best.back, best.slot);
      put(best.back, from);
    }
    return true;
  }

  /**
   * The exchange that gains most. Many gain alike, the time of the task that leaves: of those the
   * one after which the other slot ends first, then the one that adds least work, so that the order
   * of pools decides nothing.
   */
  private final class Exchange {
    private double gain = LEAST_GAIN;
    private double added;
    private double end;
    private int group = -1;
    private int slot = -1;
    private int back = -1;

    void consider(
        int leaving,
        int to,
        int coming,
        double here,
        double there,
        double changeHere,
        double changeThere) {
      double gains = gain(here, there, changeHere, changeThere);
      double adds = changeHere + changeThere;
      double ends = there + changeThere;
      boolean better =
          gains > gain
              || (gains == gain && group >= 0 && (ends < end || (ends == end && adds < added)));
      if (better) {
        gain = gains;
        added = adds;
        end = ends;
        group = leaving;
        slot = to;
        back = coming;
      }
    }
  }

  /** By how much the later of two ends falls, less a share of the work that is added. */
  private double gain(double here, double there, double changeHere, double changeThere) {
    return here
        - Math.max(here + changeHere, there + changeThere)
        - tuning.addedWork() * Math.max(0, changeHere + changeThere);
  }

  /**
   * The group to start in a free slot, or -1: without eviction if possible; short tasks first, so
   * that the mean is short, but for the shortest few, which fill the gaps at the end.
   */
  int next(int slot) {
    int beside = pick(slot, true);
    return beside >= 0 ? beside : pick(slot, false);
  }

  private int pick(int slot, boolean withoutEviction) {
    int browser = slots.browser(slot);
    int pool = board.pool(browser);
    int count = 0;
    for (int g = 0; g < groups; g++) {
      count += planned[slot][g];
    }
    int skip = Math.min(tuning.planReserve(), count - 1);
    int best = -1;
    int longest = -1;
    for (int g = 0; g < groups; g++) {
      if (planned[slot][g] == 0 || !board.startable(g)) {
        continue;
      }
      int variant = times.variant(g, pool);
      if (variant < 0
          || !board.fits(browser, variant)
          || (withoutEviction && !board.fitsBeside(browser, variant))) {
        continue;
      }
      double seconds = times.serviceSeconds(g, pool);
      if (longest < 0 || seconds > times.serviceSeconds(longest, pool)) {
        longest = g;
      }
      if (shorter(slot, pool, g) >= skip
          && (best < 0 || seconds < times.serviceSeconds(best, pool))) {
        best = g;
      }
    }
    return best >= 0 ? best : longest;
  }

  /** Planned tasks of the slot up to the group's, in the order of their times. */
  private int shorter(int slot, int pool, int group) {
    double seconds = times.serviceSeconds(group, pool);
    int count = 0;
    for (int g = 0; g < groups; g++) {
      if (g == group
          || times.serviceSeconds(g, pool) < seconds
          || (times.serviceSeconds(g, pool) == seconds && g < group)) {
        count += planned[slot][g];
      }
    }
    return count - 1;
  }
}
