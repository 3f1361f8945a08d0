package dev.ballast.balancer.schedule;

import java.util.Arrays;

/**
 * Browsers by number: their slots, their own queues, and what they have loaded. What every decision
 * asks of many of them lies in flat arrays, since a large fleet does not fit the processor's
 * caches.
 */
final class BrowserTable {
  private static final double TOLERANCE_MIB = 1e-6;

  private int count;
  private int[] pool = new int[0];
  private boolean[] present = new boolean[0];
  private int[] busy = new int[0];
  private String[] name = new String[0];
  private double[] memoryMiB = new double[0];
  private int[][] running = new int[0][];
  private TaskQueue[] bound = new TaskQueue[0];
  private Residents[] residents = new Residents[0];

  /** A bit for each variant that the browser has loaded, some words a browser. */
  private long[] loaded = new long[0];

  private int words = 1;

  private int[] poolSlots = new int[0];
  private Free[] free = new Free[0];
  private int[] placeInFree = new int[0];

  /** The browsers of a pool with a free slot; order does not matter. */
  private static final class Free {
    int[] members = new int[4];
    int size;
  }

  void addPool() {
    poolSlots = Arrays.copyOf(poolSlots, poolSlots.length + 1);
    free = Arrays.copyOf(free, poolSlots.length);
    free[free.length - 1] = new Free();
  }

  /** From now on variants below that number may be loaded. */
  void widen(int variants) {
    int needed = Math.max(1, (variants + Long.SIZE - 1) / Long.SIZE);
    if (needed > words) {
      words = Math.max(needed, 2 * words);
      loaded = new long[words * pool.length];
      for (int browser = 0; browser < count; browser++) {
        noteLoaded(browser);
      }
    }
  }

  int add(int toPool, String named, int slots, double mebibytes) {
    int added = count++;
    if (added == pool.length) {
      grow(Math.max(16, 2 * added));
    }
    pool[added] = toPool;
    name[added] = named;
    memoryMiB[added] = mebibytes;
    running[added] = new int[slots];
    bound[added] = new TaskQueue();
    residents[added] = new Residents();
    present[added] = true;
    placeInFree[added] = -1;
    poolSlots[toPool] += slots;
    refreshFree(added);
    return added;
  }

  private void grow(int size) {
    pool = Arrays.copyOf(pool, size);
    present = Arrays.copyOf(present, size);
    busy = Arrays.copyOf(busy, size);
    name = Arrays.copyOf(name, size);
    memoryMiB = Arrays.copyOf(memoryMiB, size);
    running = Arrays.copyOf(running, size);
    bound = Arrays.copyOf(bound, size);
    residents = Arrays.copyOf(residents, size);
    placeInFree = Arrays.copyOf(placeInFree, size);
    loaded = Arrays.copyOf(loaded, size * words);
  }

  int count() {
    return count;
  }

  int pool(int browser) {
    return pool[browser];
  }

  String name(int browser) {
    return name[browser];
  }

  double memoryMiB(int browser) {
    return memoryMiB[browser];
  }

  boolean present(int browser) {
    return present[browser];
  }

  int slots(int browser) {
    return running[browser].length;
  }

  int busy(int browser) {
    return busy[browser];
  }

  int runningTask(int browser, int i) {
    return running[browser][i];
  }

  TaskQueue bound(int browser) {
    return bound[browser];
  }

  Residents residents(int browser) {
    return residents[browser];
  }

  int poolSlots(int ofPool) {
    return poolSlots[ofPool];
  }

  int freeBrowsers(int ofPool) {
    return free[ofPool].size;
  }

  int freeBrowser(int ofPool, int i) {
    return free[ofPool].members[i];
  }

  /** No browser has loaded -1, what stands for where a task cannot run. */
  boolean loaded(int browser, int variant) {
    return variant >= 0 && (loaded[browser * words + (variant >> 6)] >>> variant & 1) != 0;
  }

  /** Whether it could run there beside what runs. */
  boolean fits(int browser, int variant, double sizeMiB) {
    return loaded(browser, variant)
        || residents[browser].usedMiB() + sizeMiB <= memoryMiB[browser] + TOLERANCE_MIB;
  }

  /** The same with nothing evicted. */
  boolean fitsBeside(int browser, int variant, double sizeMiB) {
    return loaded(browser, variant)
        || residents[browser].memoryMiB() + sizeMiB <= memoryMiB[browser] + TOLERANCE_MIB;
  }

  /**
   * The task takes a slot.
   *
   * @return whether its model must be loaded
   */
  boolean occupy(int browser, int task, int variant, double sizeMiB) {
    boolean load = residents[browser].use(variant, sizeMiB, memoryMiB[browser] + TOLERANCE_MIB);
    if (load) {
      noteLoaded(browser);
    }
    running[browser][busy[browser]++] = task;
    refreshFree(browser);
    return load;
  }

  void release(int browser, int task, int variant) {
    int[] tasks = running[browser];
    int slot = 0;
    while (tasks[slot] != task) {
      slot++;
    }
    tasks[slot] = tasks[--busy[browser]];
    residents[browser].release(variant);
    refreshFree(browser);
  }

  /** These are loaded, and what tasks use. */
  void setLoaded(int browser, int[] variants, double[] variantMiB) {
    residents[browser].replace(variants, variantMiB);
    noteLoaded(browser);
  }

  /** It is gone, with all it had loaded, or there again. */
  void setPresent(int browser, boolean there) {
    if (present[browser] == there) {
      return;
    }
    present[browser] = there;
    poolSlots[pool[browser]] += there ? slots(browser) : -slots(browser);
    if (!there) {
      residents[browser].clear();
      noteLoaded(browser);
    }
    refreshFree(browser);
  }

  private void noteLoaded(int browser) {
    int from = browser * words;
    Arrays.fill(loaded, from, from + words, 0);
    for (int i = 0; i < residents[browser].size(); i++) {
      int variant = residents[browser].variant(i);
      loaded[from + (variant >> 6)] |= 1L << variant;
    }
  }

  private void refreshFree(int browser) {
    Free of = free[pool[browser]];
    boolean should = present[browser] && busy[browser] < slots(browser);
    int place = placeInFree[browser];
    if (should && place < 0) {
      if (of.size == of.members.length) {
        of.members = Arrays.copyOf(of.members, of.size * 2);
      }
      placeInFree[browser] = of.size;
      of.members[of.size++] = browser;
    } else if (!should && place >= 0) {
      int last = of.members[--of.size];
      of.members[place] = last;
      placeInFree[last] = place;
      placeInFree[browser] = -1;
    }
  }
}
