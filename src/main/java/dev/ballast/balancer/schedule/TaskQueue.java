package dev.ballast.balancer.schedule;

/** Tasks in a row; entering at an end, and leaving from anywhere, take constant time. */
final class TaskQueue {
  private int first = Board.NONE;
  private int last = Board.NONE;
  private int size;

  int first() {
    return first;
  }

  int size() {
    return size;
  }

  void append(TaskLinks links, int task) {
    insertAfter(links, last, task);
  }

  /**
   * Puts it where its arrival belongs: new tasks are the last, those tried again among the first.
   */
  void insert(TaskLinks links, int task, double[] arrival) {
    int back = last;
    int front = first;
    // Most belong near one of the ends: the place is sought from both.
    while (back != Board.NONE && later(arrival, back, task)) {
      if (later(arrival, front, task)) {
        back = links.previous(front);
        break;
      }
      back = links.previous(back);
      front = links.next(front);
    }
    insertAfter(links, back, task);
  }

  void remove(TaskLinks links, int task) {
    int before = links.previous(task);
    int after = links.next(task);
    links.link(before, after);
    if (first == task) {
      first = after;
    }
    if (last == task) {
      last = before;
    }
    size--;
  }

  private void insertAfter(TaskLinks links, int before, int task) {
    int after = before == Board.NONE ? first : links.next(before);
    links.link(before, task);
    links.link(task, after);
    if (before == Board.NONE) {
      first = task;
      links.link(Board.NONE, task);
    }
    if (after == Board.NONE) {
      last = task;
      links.link(task, Board.NONE);
    }
    size++;
  }

  private static boolean later(double[] arrival, int left, int right) {
    return arrival[left] > arrival[right] || (arrival[left] == arrival[right] && left > right);
  }
}
