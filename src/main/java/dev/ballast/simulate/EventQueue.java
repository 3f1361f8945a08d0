package dev.ballast.simulate;

import java.util.Arrays;

/** A binary heap of events by time, those of one time in the order they were added. */
final class EventQueue {
  private double[] seconds = new double[64];
  private long[] order = new long[64];
  private long[] payload = new long[64];
  private int size;
  private long added;

  boolean isEmpty() {
    return size == 0;
  }

  double firstSeconds() {
    return size == 0 ? Double.POSITIVE_INFINITY : seconds[0];
  }

  void add(double at, long what) {
    if (size == seconds.length) {
      seconds = Arrays.copyOf(seconds, size * 2);
      order = Arrays.copyOf(order, size * 2);
      payload = Arrays.copyOf(payload, size * 2);
    }
    int hole = size++;
    long number = added++;
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      if (!before(at, number, parent)) {
        break;
      }
      copy(parent, hole);
      hole = parent;
    }
    put(hole, at, number, what);
  }

  long removeFirst() {
    long first = payload[0];
    size--;
    double at = seconds[size];
    long number = order[size];
    long what = payload[size];
    int hole = 0;
    while (true) {
      int child = 2 * hole + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(seconds[child + 1], order[child + 1], child)) {
        child++;
      }
      if (before(at, number, child)) {
        break;
      }
      copy(child, hole);
      hole = child;
    }
    put(hole, at, number, what);
    return first;
  }

  private boolean before(double at, long number, int other) {
    return at < seconds[other] || (at == seconds[other] && number < order[other]);
  }

  private void copy(int from, int to) {
    seconds[to] = seconds[from];
    order[to] = order[from];
    payload[to] = payload[from];
  }

  private void put(int index, double at, long number, long what) {
    seconds[index] = at;
    order[index] = number;
    payload[index] = what;
  }
}
