package dev.ballast.balancer.aware;

import java.util.Arrays;

/**
 * Slots by when their plan ends: the last of all, and the first of each pool. Entries that a later
 * one replaced are dropped when they come to the top, or are swept out: what changes most is never
 * first in one of the two orders.
 */
final class LoadOrder {
  private final SlotHeap latest = new SlotHeap();
  private final SlotHeap[] earliest;
  private final int[] latestStamp;
  private final int[] earliestStamp;
  private final int[] poolOf;
  private final double[] end;

  LoadOrder(int slots, int pools) {
    earliest = new SlotHeap[pools];
    for (int c = 0; c < pools; c++) {
      earliest[c] = new SlotHeap();
    }
    latestStamp = new int[slots];
    earliestStamp = new int[slots];
    poolOf = new int[slots];
    end = new double[slots];
  }

  int size() {
    return end.length;
  }

  double end(int slot) {
    return end[slot];
  }

  void set(int slot, int pool, double endSeconds) {
    end[slot] = endSeconds;
    poolOf[slot] = pool;
    latest.add(-endSeconds, slot, ++latestStamp[slot]);
    latest.sweep((of, stamp) -> stamp != latestStamp[of]);
    earliest[pool].add(endSeconds, slot, ++earliestStamp[slot]);
    earliest[pool].sweep((of, stamp) -> stamp != earliestStamp[of]);
  }

  /** Entries, those that are out of date included. */
  int entries() {
    return latest.size() + Arrays.stream(earliest).mapToInt(SlotHeap::size).sum();
  }

  /** Takes the slot out of the order until it is set again. */
  void remove(int slot) {
    latestStamp[slot]++;
    earliestStamp[slot]++;
  }

  /** The slots that end last, at most as many as fit; returns how many. */
  int latest(int[] into) {
    int count = 0;
    while (count < into.length && !latest.isEmpty()) {
      int slot = latest.firstSlot();
      if (latest.firstStamp() == latestStamp[slot]) {
        into[count++] = slot;
      }
      latest.removeFirst();
    }
    for (int i = 0; i < count; i++) {
      latest.add(-end[into[i]], into[i], latestStamp[into[i]]);
    }
    return count;
  }

  /** The slots of the pool that end first, from {@code offset} on; returns the next offset. */
  int earliest(int pool, int most, int[] into, int offset) {
    SlotHeap heap = earliest[pool];
    int count = offset;
    while (count < offset + most && !heap.isEmpty()) {
      int slot = heap.firstSlot();
      if (heap.firstStamp() == earliestStamp[slot]) {
        into[count++] = slot;
      }
      heap.removeFirst();
    }
    for (int i = offset; i < count; i++) {
      heap.add(end[into[i]], into[i], earliestStamp[into[i]]);
    }
    return count;
  }
}
