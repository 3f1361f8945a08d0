package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import java.util.Arrays;

/**
 * Which slot of a pool is ready first, and which of those that have a variant loaded: a heap for
 * each. Free slots are in them with the time since when they are free. What changes is entered anew
 * and the old entry found out when it comes to the top, so that a change costs the logarithm of the
 * fleet.
 *
 * <p>Within one decision slots can be set aside, to be given back all at once.
 */
final class ReadyIndex {
  private final Board board;
  private final SlotTable slots;
  private SlotHeap[] byPool = new SlotHeap[0];
  private SlotHeap[][] byVariant = new SlotHeap[0][];
  private int[] stamp = new int[0];
  private double[] ready = new double[0];
  private int indexed;

  private boolean[] aside = new boolean[0];
  private SlotHeap[] fromHeap = new SlotHeap[16];
  private int[] asideSlot = new int[16];
  private int removed;

  ReadyIndex(Board board, SlotTable slots) {
    this.board = board;
    this.slots = slots;
    refresh();
  }

  /** Adds what is new in the fleet. */
  void refresh() {
    while (byPool.length < board.pools()) {
      byPool = Arrays.copyOf(byPool, byPool.length + 1);
      byPool[byPool.length - 1] = new SlotHeap();
      byVariant = Arrays.copyOf(byVariant, byVariant.length + 1);
      byVariant[byVariant.length - 1] = new SlotHeap[0];
    }
    if (indexed < slots.size()) {
      stamp = Arrays.copyOf(stamp, slots.size());
      ready = Arrays.copyOf(ready, slots.size());
      aside = Arrays.copyOf(aside, slots.size());
      for (; indexed < slots.size(); indexed++) {
        changed(indexed);
      }
    }
  }

  /** The slot became busy or free: it is entered with the models its browser has now. */
  void changed(int slot) {
    int task = slots.task(slot);
    enter(slot, task == Board.NONE ? board.nowSeconds() : board.expectedEndSeconds(task));
  }

  /** The slot's task is overdue, and expected anew. */
  void postpone(int slot, double untilSeconds) {
    enter(slot, untilSeconds);
  }

  private void enter(int slot, double readySeconds) {
    ready[slot] = readySeconds;
    stamp[slot]++;
    int browser = slots.browser(slot);
    int pool = board.pool(browser);
    byPool[pool].add(ready[slot], slot, stamp[slot]);
    SlotHeap[] variants = byVariant[pool];
    for (int v = 0; v < variants.length; v++) {
      if (variants[v] != null && board.resident(browser, v)) {
        variants[v].add(ready[slot], slot, stamp[slot]);
      }
    }
  }

  /** The browser has loaded the variant: its other slots have it, too. */
  void loaded(int browser, int variant, int exceptSlot) {
    int pool = board.pool(browser);
    if (variant >= byVariant[pool].length || byVariant[pool][variant] == null) {
      return;
    }
    for (int s = slots.first(browser); s < slots.first(browser) + board.slots(browser); s++) {
      if (s != exceptSlot) {
        byVariant[pool][variant].add(ready[s], s, stamp[s]);
      }
    }
  }

  /** The slot of the pool that is ready first and not set aside, or -1. */
  int first(int pool) {
    return top(byPool[pool], -1);
  }

  /** The same among browsers that have loaded the variant. */
  int firstWith(int pool, int variant) {
    return top(heap(pool, variant), variant);
  }

  /** When the slot was entered to be ready: in the past for free ones, and for overdue ones. */
  double readySeconds(int slot) {
    return ready[slot];
  }

  private SlotHeap heap(int pool, int variant) {
    if (variant >= byVariant[pool].length) {
      byVariant[pool] = Arrays.copyOf(byVariant[pool], variant + 1);
    }
    SlotHeap heap = byVariant[pool][variant];
    if (heap == null) {
      heap = new SlotHeap();
      byVariant[pool][variant] = heap;
      for (int s = 0; s < slots.size(); s++) {
        int browser = slots.browser(s);
        if (board.pool(browser) == pool && board.resident(browser, variant)) {
          heap.add(ready[s], s, stamp[s]);
        }
      }
    }
    return heap;
  }

  private int top(SlotHeap heap, int variant) {
    while (!heap.isEmpty()) {
      int slot = heap.firstSlot();
      boolean current =
          heap.firstStamp() == stamp[slot]
              && slots.usable(slot)
              && (variant < 0 || board.resident(slots.browser(slot), variant));
      if (current && !aside[slot]) {
        return slot;
      }
      heap.removeFirst();
      if (current) {
        remember(heap, slot);
      }
    }
    return -1;
  }

  void setAside(int slot) {
    aside[slot] = true;
  }

  private void remember(SlotHeap heap, int slot) {
    if (removed == asideSlot.length) {
      asideSlot = Arrays.copyOf(asideSlot, removed * 2);
      fromHeap = Arrays.copyOf(fromHeap, removed * 2);
    }
    fromHeap[removed] = heap;
    asideSlot[removed++] = slot;
  }

  /** The slot is no longer set aside. */
  void giveBack(int slot) {
    aside[slot] = false;
  }

  /** Enters again what was taken out of heaps while it was set aside. */
  void restore() {
    for (int i = 0; i < removed; i++) {
      int slot = asideSlot[i];
      fromHeap[i].add(ready[slot], slot, stamp[slot]);
    }
    removed = 0;
  }
}
