package dev.ballast.balancer.aware;

import java.util.Arrays;

/** Slots by when they are ready, earliest first, then by number. Entries may be out of date. */
final class SlotHeap {
  private double[] ready = new double[8];
  private int[] slot = new int[8];
  private int[] stamp = new int[8];
  private int size;

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
    if (size == 0) {
      return;
    }
    double lastReady = ready[size];
    int lastSlot = slot[size];
    int lastStamp = stamp[size];
    int at = 0;
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
