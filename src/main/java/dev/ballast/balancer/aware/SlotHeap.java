package dev.ballast.balancer.aware;

import java.util.Arrays;

/**
 * Slots by when they are ready, earliest first, then by number. Entries may be out of date: they
 * are found out when they come to the top, and swept out where they never do.
 */
final class SlotHeap {
  private static final int NEVER_SWEPT = 1024;

  /** Tells whether an entry counts no more, and never will again. */
  interface Outdated {
    boolean is(int slot, int stamp);
  }

  private double[] ready = new double[8];
  private int[] slot = new int[8];
  private int[] stamp = new int[8];
  private int size;
  private int sweptAt = NEVER_SWEPT;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  double firstReady() {
    return ready[0];
  }

  int firstSlot() {
    return slot[0];
  }

  int firstStamp() {
    return stamp[0];
  }

  void add(double readySeconds, int ofSlot, int withStamp) {
    if (size == slot.length) {
      ready = Arrays.copyOf(ready, size * 2);
      slot = Arrays.copyOf(slot, size * 2);
      stamp = Arrays.copyOf(stamp, size * 2);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >> 1;
      if (!before(readySeconds, ofSlot, parent)) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    set(at, readySeconds, ofSlot, withStamp);
  }

  void removeFirst() {
    size--;
    if (size > 0) {
      sink(0, ready[size], slot[size], stamp[size]);
    }
  }

  /**
   * Drops what is out of date, once there are twice as many entries as the last time left: a
   * constant cost for each entry, and never more than about twice as many as there are slots.
   */
  void sweep(Outdated outdated) {
    if (size < sweptAt) {
      return;
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (!outdated.is(slot[i], stamp[i])) {
        move(i, kept++);
      }
    }
    size = kept;
    for (int at = (size >> 1) - 1; at >= 0; at--) {
      sink(at, ready[at], slot[at], stamp[at]);
    }
    sweptAt = Math.max(NEVER_SWEPT, 2 * size);
  }

  /** Puts the entry where it belongs at or below that place. */
  private void sink(int from, double lastReady, int lastSlot, int lastStamp) {
    int at = from;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(ready[child + 1], slot[child + 1], child)) {
        child++;
      }
      if (before(lastReady, lastSlot, child)) {
        break;
      }
      move(child, at);
      at = child;
    }
    set(at, lastReady, lastSlot, lastStamp);
  }

  private boolean before(double readySeconds, int ofSlot, int other) {
    return readySeconds < ready[other] || (readySeconds == ready[other] && ofSlot < slot[other]);
  }

  private void move(int from, int to) {
    ready[to] = ready[from];
    slot[to] = slot[from];
    stamp[to] = stamp[from];
  }

  private void set(int at, double readySeconds, int ofSlot, int withStamp) {
    ready[at] = readySeconds;
    slot[at] = ofSlot;
    stamp[at] = withStamp;
  }
}
