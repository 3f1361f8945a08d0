package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** Slots by number, so that each can have a plan of its own; a browser's slots are adjacent. */
final class SlotTable {
  private final Board board;
  private int[] browserOf = new int[0];
  private int[] taskIn = new int[0];
  private int[] firstOf = new int[0];
  private int[] slotOf = new int[0];
  private int slots;
  private int occupied;
  private int known;

  SlotTable(Board board) {
    this.board = board;
    refresh();
  }

  /** Adds the slots of browsers that are new. */
  void refresh() {
    int browsers = board.browsers();
    if (browsers == known) {
      return;
    }
    firstOf = Arrays.copyOf(firstOf, browsers);
    int all = slots;
    for (int b = known; b < browsers; b++) {
      all += board.slots(b);
    }
    browserOf = Arrays.copyOf(browserOf, all);
    taskIn = Arrays.copyOf(taskIn, all);
    for (; known < browsers; known++) {
      firstOf[known] = slots;
      for (int i = 0; i < board.slots(known); i++) {
        browserOf[slots] = known;
        taskIn[slots++] = Board.NONE;
      }
      for (int i = 0; i < board.running(known); i++) {
        occupy(board.runningTask(known, i), known);
      }
    }
  }

  int size() {
    return slots;
  }

  /** Slots of browsers that are there. */
  int usable() {
    int sum = 0;
    for (int c = 0; c < board.pools(); c++) {
      sum += board.poolSlots(c);
    }
    return sum;
  }

  /** Slots that a task could take now. */
  int free() {
    return usable() - occupied;
  }

  /** The free slots, by number. */
  int[] freeSlots() {
    return freeSlots(_ -> true);
  }

  /** The free slots of some pools, by number. */
  int[] freeSlots(IntPredicate ofPools) {
    int[] found = new int[16];
    int count = 0;
    for (int c = 0; c < board.pools(); c++) {
      if (!ofPools.test(c)) {
        continue;
      }
      for (int i = 0; i < board.freeBrowsers(c); i++) {
        int browser = board.freeBrowser(c, i);
        for (int s = firstOf[browser]; s < firstOf[browser] + board.slots(browser); s++) {
          if (taskIn[s] == Board.NONE) {
            if (count == found.length) {
              found = Arrays.copyOf(found, count * 2);
            }
            found[count++] = s;
          }
        }
      }
    }
    Arrays.sort(found, 0, count);
    return Arrays.copyOf(found, count);
  }

  /** Slots that run a task. */
  int occupied() {
    return occupied;
  }

  int browser(int slot) {
    return browserOf[slot];
  }

  int first(int browser) {
    return firstOf[browser];
  }

  /** The task that runs in it, or {@link Board#NONE}. */
  int task(int slot) {
    return taskIn[slot];
  }

  boolean usable(int slot) {
    return board.present(browserOf[slot]);
  }

  boolean free(int slot) {
    return taskIn[slot] == Board.NONE && usable(slot);
  }

  /** Puts the task into a free slot of the browser, and says which. */
  int occupy(int task, int browser) {
    for (int s = firstOf[browser]; s < firstOf[browser] + board.slots(browser); s++) {
      if (taskIn[s] == Board.NONE) {
        occupySlot(task, s);
        return s;
      }
    }
    throw new IllegalStateException("no slot of %s is free".formatted(board.browserName(browser)));
  }

  void occupySlot(int task, int slot) {
    taskIn[slot] = task;
    occupied++;
    if (task >= slotOf.length) {
      slotOf = Arrays.copyOf(slotOf, Math.max(64, task * 2));
    }
    slotOf[task] = slot;
  }

  /** Which slot the task left. */
  int release(int task) {
    int slot = slotOf[task];
    taskIn[slot] = Board.NONE;
    occupied--;
    return slot;
  }

  void clear(int browser) {
    for (int s = firstOf[browser]; s < firstOf[browser] + board.slots(browser); s++) {
      if (taskIn[s] != Board.NONE) {
        taskIn[s] = Board.NONE;
        occupied--;
      }
    }
  }

  /** When it is expected to be free; now if it is, and a little later when its task is overdue. */
  double readySeconds(int slot, double overdueRatio) {
    int task = taskIn[slot];
    double now = board.nowSeconds();
    if (task == Board.NONE) {
      return now;
    }
    double end = board.expectedEndSeconds(task);
    double grace = overdueRatio * (end - board.startedSeconds(task));
    return Math.max(end, now + grace);
  }
}
