package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;

/** When each slot is expected to be ready, while a rule thinks ahead. */
final class VirtualSlots {
  /** A running task that is overdue is expected to need this share of its service time more. */
  private static final double OVERDUE_RATIO = 0.15;

  /** Tasks per slot to think of ahead: with 2 results are within 1 %, from 8 on nothing changes. */
  private static final int DEPTH = 8;

  /** Keeps a decision of a large fleet affordable. */
  private static final int FURTHEST = 1024;

  private final Board board;
  private final Times times;
  private int[] browser = new int[0];
  private double[] ready = new double[0];
  private boolean[] free = new boolean[0];
  private int size;
  private int freeSlots;

  VirtualSlots(Board board, Times times) {
    this.board = board;
    this.times = times;
  }

  /** As they are now. */
  void reset() {
    size = 0;
    freeSlots = 0;
    double now = board.nowSeconds();
    for (int at = 0; at < board.browsers(); at++) {
      if (!board.present(at)) {
        continue;
      }
      for (int i = 0; i < board.slots(at); i++) {
        if (size == ready.length) {
          int more = Math.max(16, size * 2);
          browser = Arrays.copyOf(browser, more);
          ready = Arrays.copyOf(ready, more);
          free = Arrays.copyOf(free, more);
        }
        browser[size] = at;
        free[size] = i >= board.running(at);
        if (free[size]) {
          ready[size] = now;
          freeSlots++;
        } else {
          int task = board.runningTask(at, i);
          double overdue =
              now + OVERDUE_RATIO * times.serviceSeconds(board.group(task), board.pool(at));
          ready[size] =
              board.expectedEndSeconds(task) > now ? board.expectedEndSeconds(task) : overdue;
        }
        size++;
      }
    }
  }

  int freeSlots() {
    return freeSlots;
  }

  /** How many tasks to think of ahead. */
  int horizon() {
    return Math.min(DEPTH * size, FURTHEST);
  }

  /** The slot where a task of the group would end first, or {@link Board#NONE}. */
  int earliest(int group) {
    int best = Board.NONE;
    double bestEnd = Double.POSITIVE_INFINITY;
    for (int slot = 0; slot < size; slot++) {
      double end = end(slot, group);
      if (end < bestEnd) {
        bestEnd = end;
        best = slot;
      }
    }
    return best;
  }

  double end(int slot, int group) {
    return ready[slot] + seconds(slot, group);
  }

  private double seconds(int slot, int group) {
    int at = browser[slot];
    int pool = board.pool(at);
    int variant = times.variant(group, pool);
    if (variant < 0 || (free[slot] && !board.fits(at, variant))) {
      return Double.POSITIVE_INFINITY;
    }
    return times.serviceSeconds(group, pool)
        + (board.resident(at, variant) ? 0 : times.loadSeconds(group, pool));
  }

  boolean isFree(int slot) {
    return free[slot];
  }

  int browser(int slot) {
    return browser[slot];
  }

  /** Another task of the group goes there. */
  void add(int slot, int group) {
    ready[slot] = end(slot, group);
    if (free[slot]) {
      free[slot] = false;
      freeSlots--;
    }
  }
}
