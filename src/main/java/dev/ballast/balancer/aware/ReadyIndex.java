package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import java.util.Arrays;

/**
 * Which slot of a pool is ready first, and which of those that have a variant loaded: an order for
 * each. Free slots are in them with the time since when they are free. What changes is entered anew
 * and the old entry found out when it is looked at, so that a change costs the logarithm of the
 * fleet at most.
 *
 * <p>Within one decision slots can be set aside, to be given back all at once.
 */
final class ReadyIndex {
  private final Board board;
  private final SlotTable slots;
  private SlotOrder[] byPool = new SlotOrder[0];
  private SlotOrder[][] byVariant = new SlotOrder[0][];
  private int[] stamp = new int[0];
  private double[] ready = new double[0];
  private int indexed;

  private boolean[] aside = new boolean[0];
  private SlotOrder[] looked = new SlotOrder[16];
  private int lookedAt;

  ReadyIndex(Board board, SlotTable slots) {
    this.board = board;
    this.slots = slots;
    refresh();
  }

  /** Adds what is new in the fleet. */
  void refresh() {
    while (byPool.length < board.pools()) {
      byPool = Arrays.copyOf(byPool, byPool.length + 1);
      byPool[byPool.length - 1] = new SlotOrder(new Current(Board.NONE));
      byVariant = Arrays.copyOf(byVariant, byVariant.length + 1);
      byVariant[byVariant.length - 1] = new SlotOrder[0];
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
    SlotOrder[] variants = byVariant[pool];
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
    return first(byPool[pool]);
  }

  /** The same among browsers that have loaded the variant. */
  int firstWith(int pool, int variant) {
    return first(order(pool, variant));
  }

  /** When the slot was entered to be ready: in the past for free ones, and for overdue ones. */
  double readySeconds(int slot) {
    return ready[slot];
  }

  private SlotOrder order(int pool, int variant) {
    if (variant >= byVariant[pool].length) {
      byVariant[pool] = Arrays.copyOf(byVariant[pool], variant + 1);
    }
    SlotOrder order = byVariant[pool][variant];
    if (order == null) {
      order = new SlotOrder(new Current(variant));
      byVariant[pool][variant] = order;
      for (int s = 0; s < slots.size(); s++) {
        int browser = slots.browser(s);
        if (board.pool(browser) == pool && board.resident(browser, variant)) {
          order.add(ready[s], s, stamp[s]);
        }
      }
    }
    return order;
  }

  private int first(SlotOrder order) {
    int slot = order.first();
    if (order.passed()) {
      remember(order);
    }
    return slot;
  }

  /** Entries that are not out of date; of browsers with the variant, unless it is none. */
  private final class Current implements SlotOrder.Judge {
    private final int variant;

    Current(int variant) {
      this.variant = variant;
    }

    @Override
    public SlotOrder.Worth of(int slot, int withStamp) {
      boolean current =
          withStamp == stamp[slot]
              && slots.usable(slot)
              && (variant == Board.NONE || board.resident(slots.browser(slot), variant));
      return !current
          ? SlotOrder.Worth.DROP
          : aside[slot] ? SlotOrder.Worth.SKIP : SlotOrder.Worth.TAKE;
    }

    @Override
    public boolean outdated(int slot, int withStamp) {
      return withStamp != stamp[slot];
    }
  }

  void setAside(int slot) {
    aside[slot] = true;
  }

  private void remember(SlotOrder order) {
    if (lookedAt == looked.length) {
      looked = Arrays.copyOf(looked, lookedAt * 2);
    }
    looked[lookedAt++] = order;
  }

  /** The slot is no longer set aside. */
  void giveBack(int slot) {
    aside[slot] = false;
  }

  /** Looks at all slots again, those included that were passed while they were set aside. */
  void restore() {
    for (int i = 0; i < lookedAt; i++) {
      looked[i].rewind();
    }
    lookedAt = 0;
  }
}
