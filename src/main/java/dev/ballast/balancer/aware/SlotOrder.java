package dev.ballast.balancer.aware;

import java.util.Arrays;

/**
 * Slots by when they are ready, earliest first, then by number; entries may be out of date. The
 * earliest are kept sorted, so that a look past slots that are set aside only moves a place; the
 * others wait in a heap.
 */
final class SlotOrder {
  private static final int MOST_SORTED = 1024;
  private static final int TAKEN = 32;

  /** What an entry is worth at this moment. */
  enum Worth {
    TAKE,
    SKIP,
    DROP
  }

  /** Tells it. */
  interface Judge {
    Worth of(int slot, int stamp);

    /** Whether the entry is to be dropped whatever may happen to its slot. */
    boolean outdated(int slot, int stamp);
  }

  private final Judge judge;

  // Sorted, the earliest last. All that is in the heap comes after them.
  private double[] ready = new double[TAKEN];
  private int[] slot = new int[TAKEN];
  private int[] stamp = new int[TAKEN];
  private int size;
  private final SlotHeap later = new SlotHeap();

  /** What is after this place was passed over. */
  private int place = -1;

  private int outdated;
  private boolean passed;

  SlotOrder(Judge judge) {
    this.judge = judge;
  }

  void add(double readySeconds, int ofSlot, int withStamp) {
    if (size == MOST_SORTED && before(readySeconds, ofSlot, 0)) {
      sendBack(size / 2);
    }
    if (size == 0 || !before(readySeconds, ofSlot, 0)) {
      later.add(readySeconds, ofSlot, withStamp);
      // Where nobody looks, as at a model that is loaded but no longer asked for, nothing is found
      // out.
      later.sweep(judge::outdated);
      return;
    }
    if (size == ready.length) {
      grow(size * 2);
    }
    int at = size;
    if (!before(readySeconds, ofSlot, size - 1)) {
      at = search(readySeconds, ofSlot);
      move(at, at + 1, size - at);
    }
    ready[at] = readySeconds;
    slot[at] = ofSlot;
    stamp[at] = withStamp;
    size++;
    place = at <= place ? place + 1 : at;
  }

  /** The earliest slot that is to be taken, or -1; what is to be skipped stays for later. */
  int first() {
    while (true) {
      for (; place >= 0; place--) {
        switch (judge.of(slot[place], stamp[place])) {
          case TAKE -> {
            return slot[place];
          }
          case DROP -> {
            if (place == size - 1) {
              size--;
            } else {
              outdated++;
            }
          }
          case SKIP -> {}
        }
      }
      if (!takeMore()) {
        return -1;
      }
    }
  }

  /** Entries, those that are out of date included. */
  int entries() {
    return size + later.size();
  }

  /** Whether slots were passed for the first time since it looked from the earliest on. */
  boolean passed() {
    boolean first = !passed && place < size - 1;
    passed |= first;
    return first;
  }

  /** Looks from the earliest on again. */
  void rewind() {
    if (outdated > 0) {
      int kept = place + 1;
      for (int i = kept; i < size; i++) {
        if (judge.of(slot[i], stamp[i]) != Worth.DROP) {
          ready[kept] = ready[i];
          slot[kept] = slot[i];
          stamp[kept++] = stamp[i];
        }
      }
      size = kept;
      outdated = 0;
    }
    place = size - 1;
    passed = false;
  }

  /** Sorts a few more in, before the others as they come after them. */
  private boolean takeMore() {
    if (size + TAKEN > ready.length) {
      grow(2 * size + TAKEN);
    }
    move(0, TAKEN, size);
    int at = TAKEN;
    while (at > 0 && !later.isEmpty()) {
      if (judge.of(later.firstSlot(), later.firstStamp()) != Worth.DROP) {
        at--;
        ready[at] = later.firstReady();
        slot[at] = later.firstSlot();
        stamp[at] = later.firstStamp();
      }
      later.removeFirst();
    }
    int taken = TAKEN - at;
    move(at, 0, taken + size);
    size += taken;
    place = taken - 1;
    return taken > 0;
  }

  /** The last ones go back into the heap. */
  private void sendBack(int count) {
    for (int i = 0; i < count; i++) {
      later.add(ready[i], slot[i], stamp[i]);
    }
    size -= count;
    move(count, 0, size);
    place = Math.max(-1, place - count);
  }

  /** Where it belongs among the sorted ones. */
  private int search(double readySeconds, int ofSlot) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (before(readySeconds, ofSlot, middle)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean before(double readySeconds, int ofSlot, int other) {
    return readySeconds < ready[other] || (readySeconds == ready[other] && ofSlot < slot[other]);
  }

  private void move(int from, int to, int count) {
    if (from != to) {
      System.arraycopy(ready, from, ready, to, count);
      System.arraycopy(slot, from, slot, to, count);
      System.arraycopy(stamp, from, stamp, to, count);
    }
  }

  private void grow(int length) {
    ready = Arrays.copyOf(ready, length);
    slot = Arrays.copyOf(slot, length);
    stamp = Arrays.copyOf(stamp, length);
  }
}
