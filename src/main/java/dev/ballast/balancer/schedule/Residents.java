package dev.ballast.balancer.schedule;

import java.util.Arrays;

/** The models a browser has loaded, least recently used first, and how many tasks use each. */
final class Residents {
  private int[] variants = new int[4];
  private int[] users = new int[4];
  private double[] sizes = new double[4];
  private int size;
  private double memoryMiB;
  private double usedMiB;

  boolean holds(int variant) {
    return find(variant) >= 0;
  }

  int size() {
    return size;
  }

  int variant(int i) {
    return variants[i];
  }

  double memoryMiB() {
    return memoryMiB;
  }

  /** Of models that tasks use now, and which therefore stay. */
  double usedMiB() {
    return usedMiB;
  }

  /**
   * A task begins to use it; others are evicted until it fits.
   *
   * @return whether it had to be loaded
   */
  boolean use(int variant, double sizeMiB, double limitMiB) {
    int at = find(variant);
    boolean load = at < 0;
    int count = load ? 0 : users[at];
    if (load) {
      evict(limitMiB - sizeMiB);
      memoryMiB += sizeMiB;
    } else {
      drop(at);
    }
    if (count == 0) {
      usedMiB += sizeMiB;
    }
    append(variant, count + 1, sizeMiB);
    return load;
  }

  void release(int variant) {
    int at = find(variant);
    if (--users[at] == 0) {
      usedMiB -= sizes[at];
    }
  }

  /** These are loaded, and what tasks use; nothing else is. */
  void replace(int[] loaded, double[] sizeOf) {
    for (int i = size - 1; i >= 0; i--) {
      if (users[i] == 0) {
        memoryMiB -= sizes[i];
        drop(i);
      }
    }
    for (int variant : loaded) {
      if (!holds(variant)) {
        append(variant, 0, sizeOf[variant]);
        memoryMiB += sizeOf[variant];
      }
    }
  }

  void clear() {
    size = 0;
    memoryMiB = 0;
    usedMiB = 0;
  }

  private void evict(double roomMiB) {
    int at = 0;
    while (memoryMiB > roomMiB && at < size) {
      if (users[at] == 0) {
        memoryMiB -= sizes[at];
        drop(at);
      } else {
        at++;
      }
    }
  }

  private void append(int variant, int count, double sizeMiB) {
    if (size == variants.length) {
      variants = Arrays.copyOf(variants, size * 2);
      users = Arrays.copyOf(users, size * 2);
      sizes = Arrays.copyOf(sizes, size * 2);
    }
    variants[size] = variant;
    users[size] = count;
    sizes[size] = sizeMiB;
    size++;
  }

  private void drop(int at) {
    size--;
    System.arraycopy(variants, at + 1, variants, at, size - at);
    System.arraycopy(users, at + 1, users, at, size - at);
    System.arraycopy(sizes, at + 1, sizes, at, size - at);
  }

  private int find(int variant) {
    for (int i = size - 1; i >= 0; i--) {
      if (variants[i] == variant) {
        return i;
      }
    }
    return -1;
  }
}
