package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When each slot is expected to be ready, while a rule thinks ahead. Slots of a pool, and those of
 * them where a model is loaded, lie in heaps: a thought costs the number of pools and a logarithm,
 * not the number of slots.
 */
final class VirtualSlots {
  /** Tasks per slot to think of ahead: with 2 results are within 1 %, from 8 on nothing changes. */
  private static final int DEPTH = 8;

  /** Keeps a decision of a large fleet affordable. */
  private static final int FURTHEST = 1024;

  /** A running task that is overdue is expected to need this share of its service time more. */
  private static final double OVERDUE_RATIO = 0.15;

  private final Board board;
  private final Times times;
  private int[] browser = new int[0];
  private double[] ready = new double[0];
  private boolean[] free = new boolean[0];
  private int size;
  private int freeSlots;

  private ReadyHeap[] pools = new ReadyHeap[0];

  /** By pool, then group; made when they are asked for. */
  private @Nullable ReadyHeap[][] holders = new ReadyHeap[0][];

  /** Slots by the time they are ready. Times only grow, so that a stale top is put right late. */
  private final class ReadyHeap {
    int[] slots = new int[8];
    double[] keys = new double[8];
    int count;

    void add(int slot) {
      if (count == slots.length) {
        slots = Arrays.copyOf(slots, count * 2);
        keys = Arrays.copyOf(keys, count * 2);
      }
      int hole = count++;
      double key = ready[slot];
      while (hole > 0 && before(key, slot, (hole - 1) >>> 1)) {
        copy((hole - 1) >>> 1, hole);
        hole = (hole - 1) >>> 1;
      }
      put(hole, slot, key);
    }

    /** The slot that is ready first, or {@link Board#NONE}. */
    int first() {
      while (count > 0 && keys[0] != ready[slots[0]]) {
        sink(slots[0], ready[slots[0]]);
      }
      return count == 0 ? Board.NONE : slots[0];
    }

    private void sink(int slot, double key) {
      int hole = 0;
      for (int child = 1; child < count; child = 2 * hole + 1) {
        if (child + 1 < count && before(keys[child + 1], slots[child + 1], child)) {
          child++;
        }
        if (before(key, slot, child)) {
          break;
        }
        copy(child, hole);
        hole = child;
      }
      put(hole, slot, key);
    }

    private boolean before(double key, int slot, int other) {
      return key < keys[other] || (key == keys[other] && slot < slots[other]);
    }

    private void copy(int from, int to) {
      slots[to] = slots[from];
      keys[to] = keys[from];
    }

    private void put(int at, int slot, double key) {
      slots[at] = slot;
      keys[at] = key;
    }
  }

  VirtualSlots(Board board, Times times) {
    this.board = board;
    this.times = times;
  }

  /** As they are now; whether one is free. */
  boolean reset() {
    freeSlots = 0;
    int freeBrowsers = 0;
    for (int pool = 0; pool < board.pools(); pool++) {
      freeBrowsers += board.freeBrowsers(pool);
    }
    if (freeBrowsers == 0) {
      return false;
    }
    size = 0;
    pools = new ReadyHeap[board.pools()];
    Arrays.setAll(pools, _ -> new ReadyHeap());
    holders = new ReadyHeap[board.pools()][board.groups()];
    for (int at = 0; at < board.browsers(); at++) {
      if (board.present(at)) {
        addSlots(at);
      }
    }
    return freeSlots > 0;
  }

  private void addSlots(int at) {
    double now = board.nowSeconds();
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
      pools[board.pool(at)].add(size);
      size++;
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
    for (int pool = 0; pool < pools.length; pool++) {
      if (times.canRun(group, pool)) {
        best = earlier(group, best, first(pools[pool], group));
        best = earlier(group, best, first(holders(group, pool), group));
      }
    }
    return best;
  }

  private ReadyHeap holders(int group, int pool) {
    ReadyHeap heap = holders[pool][group];
    if (heap == null) {
      heap = new ReadyHeap();
      int variant = times.variant(group, pool);
      ReadyHeap all = pools[pool];
      for (int i = 0; i < all.count; i++) {
        if (board.resident(browser[all.slots[i]], variant)) {
          heap.add(all.slots[i]);
        }
      }
      holders[pool][group] = heap;
    }
    return heap;
  }

  /** The slot of the heap where the group would end first, all of it resident there or none. */
  private int first(ReadyHeap heap, int group) {
    int first = heap.first();
    if (first == Board.NONE || end(first, group) < Double.POSITIVE_INFINITY) {
      return first;
    }
    // Models in use leave no memory for this one; that is rare, and then all are looked at.
    int best = Board.NONE;
    for (int i = 0; i < heap.count; i++) {
      best = earlier(group, best, heap.slots[i]);
    }
    return best;
  }

  private int earlier(int group, int best, int slot) {
    if (slot == Board.NONE || end(slot, group) == Double.POSITIVE_INFINITY) {
      return best;
    }
    if (best == Board.NONE) {
      return slot;
    }
    int compared = Double.compare(end(slot, group), end(best, group));
    return compared < 0 || (compared == 0 && slot < best) ? slot : best;
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

  /** A task was started there: other models may be loaded now. */
  void started(int at) {
    Arrays.fill(holders[board.pool(at)], null);
  }
}
