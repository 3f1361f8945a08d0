package dev.ballast.balancer.schedule;

import java.util.Arrays;

/** Neighbours of tasks in the one {@link TaskQueue} that holds them. */
final class TaskLinks {
  private int[] next = new int[0];
  private int[] previous = new int[0];

  void grow(int size) {
    next = Arrays.copyOf(next, size);
    previous = Arrays.copyOf(previous, size);
  }

  int next(int task) {
    return next[task];
  }

  int previous(int task) {
    return previous[task];
  }

  void link(int left, int right) {
    if (left != Board.NONE) {
      next[left] = right;
    }
    if (right != Board.NONE) {
      previous[right] = left;
    }
  }
}
