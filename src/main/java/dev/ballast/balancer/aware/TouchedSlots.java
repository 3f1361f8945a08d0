package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import java.util.Arrays;

/**
 * The slots on which a virtual schedule has put tasks, by when they would be ready after those.
 * They are set aside in the {@link ReadyIndex} until all are given back.
 *
 * <p>Those that are idle, because the memory of their browser did not do for the tasks seen so far,
 * are few and kept in a list; the others in a heap for each pool and for each variant loaded there.
 */
final class TouchedSlots {
  private final Board board;
  private final SlotTable slots;
  private final ReadyIndex index;
  private final VirtualLoads loads;

  private int[] numbers = new int[0];
  private int[] slot = new int[16];
  private double[] base = new double[16];
  private double[] planned = new double[16];
  private int[] stamp = new int[16];
  private int[] first = new int[16];
  private int[] last = new int[16];
  private boolean[] idle = new boolean[16];
  private int size;

  private int[] idles = new int[8];
  private int idleCount;

  private SlotHeap[] byPool = new SlotHeap[0];
  private SlotHeap[][] byVariant = new SlotHeap[0][];

  // By task: what follows it in its slot's plan, how long it would take and what it costs there
  private int[] next = new int[0];
  private double[] seconds = new double[0];
  private double[] cost = new double[0];
  private int[] plannedIn = new int[0];
  private int schedule;

  TouchedSlots(Board board, SlotTable slots, ReadyIndex index, VirtualLoads loads) {
    this.board = board;
    this.slots = slots;
    this.index = index;
    this.loads = loads;
  }

  /** Forgets all plans and gives the slots back. */
  void clear() {
    for (int i = 0; i < size; i++) {
      index.giveBack(slot[i]);
      numbers[slot[i]] = 0;
    }
    index.restore();
    size = 0;
    idleCount = 0;
    schedule++;
    for (SlotHeap heap : byPool) {
      heap.clear();
    }
    for (SlotHeap[] heaps : byVariant) {
      for (SlotHeap heap : heaps) {
        heap.clear();
      }
    }
  }

  /** The slot's number here, or -1. */
  int number(int ofSlot) {
    return ofSlot < numbers.length ? numbers[ofSlot] - 1 : -1;
  }

  int slot(int number) {
    return slot[number];
  }

  boolean idle(int number) {
    return idle[number];
  }

  /** When it would be ready for another task, in seconds. */
  double readySeconds(int number) {
    return base[number] + planned[number];
  }

  int touch(int touchedSlot, double readySeconds) {
    if (size == slot.length) {
      grow(size * 2);
    }
    if (numbers.length < slots.size()) {
      numbers = Arrays.copyOf(numbers, slots.size());
    }
    index.setAside(touchedSlot);
    int number = size++;
    numbers[touchedSlot] = number + 1;
    slot[number] = touchedSlot;
    base[number] = readySeconds;
    planned[number] = 0;
    first[number] = Board.NONE;
    last[number] = Board.NONE;
    idle[number] = false;
    if (slots.free(touchedSlot)) {
      setIdle(number);
    } else {
      enter(number);
    }
    return number;
  }

  /** A touched slot came free. */
  void freed(int number, double nowSeconds) {
    stamp[number]++;
    base[number] = nowSeconds;
    setIdle(number);
  }

  /** A touched slot runs a task, which may be the first of its plan. */
  void started(int number, int task, double endSeconds) {
    if (idle[number]) {
      int at = 0;
      while (idles[at] != number) {
        at++;
      }
      idles[at] = idles[--idleCount];
      idle[number] = false;
    }
    if (first[number] == task) {
      dropFirst(number);
    }
    base[number] = endSeconds;
    enter(number);
  }

  /** Puts a task behind what the slot has to do. */
  void plan(int number, int task, double taskSeconds, double taskCost) {
    if (task >= next.length) {
      next = Arrays.copyOf(next, Math.max(64, task * 2));
      seconds = Arrays.copyOf(seconds, next.length);
      cost = Arrays.copyOf(cost, next.length);
      plannedIn = Arrays.copyOf(plannedIn, next.length);
    }
    cost[task] = taskCost;
    plannedIn[task] = schedule + 1;
    next[task] = Board.NONE;
    seconds[task] = taskSeconds;
    if (first[number] == Board.NONE) {
      first[number] = task;
    } else {
      next[last[number]] = task;
    }
    last[number] = task;
    planned[number] += taskSeconds;
    enter(number);
  }

  /** The first task of the slot's plan that still waits, or {@link Board#NONE}. */
  int firstPlanned(int number) {
    while (first[number] != Board.NONE && !board.waits(first[number])) {
      dropFirst(number);
    }
    return first[number];
  }

  /** Whether the task was put on a slot. */
  boolean planned(int task) {
    return task < plannedIn.length && plannedIn[task] == schedule + 1;
  }

  /** What it costs there, in seconds. */
  double cost(int task) {
    return cost[task];
  }

  private void dropFirst(int number) {
    planned[number] -= seconds[first[number]];
    first[number] = next[first[number]];
  }

  int idleCount() {
    return idleCount;
  }

  int idleNumber(int i) {
    return idles[i];
  }

  /** Of the pool's slots that are not idle the one that is ready first, or -1. */
  int first(int pool) {
    return pool < byPool.length ? top(byPool[pool], -1) : -1;
  }

  /** The same among those whose browser has, or would have, loaded the variant. */
  int firstWith(int pool, int variant) {
    return pool < byVariant.length && variant < byVariant[pool].length
        ? top(byVariant[pool][variant], variant)
        : -1;
  }

  /** The browser would have loaded one more variant. */
  void loaded(int browser, int variant) {
    int pool = board.pool(browser);
    for (int s = slots.first(browser); s < slots.first(browser) + board.slots(browser); s++) {
      int number = number(s);
      if (number >= 0 && !idle[number]) {
        heap(pool, variant).add(readySeconds(number), s, stamp[number]);
      }
    }
  }

  private void setIdle(int number) {
    idle[number] = true;
    if (idleCount == idles.length) {
      idles = Arrays.copyOf(idles, idleCount * 2);
    }
    idles[idleCount++] = number;
  }

  private void enter(int number) {
    stamp[number]++;
    int browser = slots.browser(slot[number]);
    int pool = board.pool(browser);
    while (byPool.length <= pool) {
      byPool = Arrays.copyOf(byPool, byPool.length + 1);
      byPool[byPool.length - 1] = new SlotHeap();
      byVariant = Arrays.copyOf(byVariant, byPool.length);
      byVariant[byPool.length - 1] = new SlotHeap[0];
    }
    double ready = readySeconds(number);
    byPool[pool].add(ready, slot[number], stamp[number]);
    for (int i = 0; i < board.residents(browser); i++) {
      heap(pool, board.residentVariant(browser, i)).add(ready, slot[number], stamp[number]);
    }
    for (int i = 0; i < loads.count(browser); i++) {
      heap(pool, loads.variant(browser, i)).add(ready, slot[number], stamp[number]);
    }
  }

  private SlotHeap heap(int pool, int variant) {
    int known = byVariant[pool].length;
    if (variant >= known) {
      byVariant[pool] = Arrays.copyOf(byVariant[pool], variant + 1);
      for (int v = known; v <= variant; v++) {
        byVariant[pool][v] = new SlotHeap();
      }
    }
    return byVariant[pool][variant];
  }

  private int top(SlotHeap heap, int variant) {
    while (!heap.isEmpty()) {
      int number = number(heap.firstSlot());
      if (number >= 0
          && !idle[number]
          && heap.firstStamp() == stamp[number]
          && (variant < 0 || loads.resident(slots.browser(slot[number]), variant))) {
        return number;
      }
      heap.removeFirst();
    }
    return -1;
  }

  private void grow(int length) {
    slot = Arrays.copyOf(slot, length);
    base = Arrays.copyOf(base, length);
    planned = Arrays.copyOf(planned, length);
    stamp = Arrays.copyOf(stamp, length);
    first = Arrays.copyOf(first, length);
    last = Arrays.copyOf(last, length);
    idle = Arrays.copyOf(idle, length);
  }
}
