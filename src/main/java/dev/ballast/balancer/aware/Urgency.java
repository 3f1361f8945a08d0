package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;

/**
 * In which order waiting tasks are looked at: those that are late by age, then the others by age ÷
 * best time. Of each group the oldest task that was not looked at stands in front.
 */
final class Urgency {
  private static final double LATE = 0.9;
  private static final double LATE_FIRST = 1e9;

  private final Board board;
  private final Prices prices;
  private int[] head = new int[0];

  Urgency(Board board, Prices prices) {
    this.board = board;
    this.prices = prices;
  }

  /** Begins with the oldest tasks. */
  void begin() {
    int groups = board.groups();
    head = head.length == groups ? head : new int[groups];
    for (int g = 0; g < groups; g++) {
      head[g] = board.oldest(g);
    }
  }

  /** Whether it can go on: what stands in front still waits. */
  boolean current() {
    if (head.length != board.groups()) {
      return false;
    }
    for (int task : head) {
      if (task != Board.NONE && !board.waits(task)) {
        return false;
      }
    }
    return true;
  }

  /** One more task waits, and is the youngest of its group. */
  void arrived(int task) {
    int group = board.group(task);
    if (group < head.length && head[group] == Board.NONE) {
      head[group] = task;
    }
  }

  /** The group whose front task is next, or {@link Board#NONE}. */
  int next(double nowSeconds, double lateAfterSeconds) {
    int chosen = Board.NONE;
    double greatest = Double.NEGATIVE_INFINITY;
    boolean chosenLate = false;
    for (int g = 0; g < head.length; g++) {
      if (head[g] == Board.NONE
          || !board.startable(g)
          || prices.bestSeconds(g) == Double.POSITIVE_INFINITY) {
        continue;
      }
      double age = nowSeconds - board.arrivalSeconds(head[g]);
      boolean late = age > LATE * lateAfterSeconds;
      double key = late ? age : age / prices.bestSeconds(g);
      if ((late && !chosenLate) || (late == chosenLate && key > greatest)) {
        chosen = g;
        greatest = key;
        chosenLate = late;
      }
    }
    return chosen;
  }

  /** How urgent a task is, in the order of {@link #next}; only to be compared. */
  double key(int task, double nowSeconds, double lateAfterSeconds) {
    double age = nowSeconds - board.arrivalSeconds(task);
    return age > LATE * lateAfterSeconds
        ? LATE_FIRST + age
        : age / prices.bestSeconds(board.group(task));
  }

  /** The task is about to start without having been looked at, if it stands in front. */
  void leaves(int task) {
    int group = board.group(task);
    if (head[group] == task) {
      take(group);
    }
  }

  /** Takes the front task of the group. */
  int take(int group) {
    int task = head[group];
    head[group] = board.next(task);
    return task;
  }
}
