package dev.ballast.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Would a moved task have started as early in the queue it left? Its ghost stays there: it starts
 * when a slot comes free and everything bound before it is gone.
 */
final class Ghosts {
  private final List<List<Ghost>> queues = new ArrayList<>();
  private final long[] boundAs;
  private final List<List<Ghost>> ofTask = new ArrayList<>();
  private final int[] ghosts;
  private long bindings;
  private long unnecessary;

  private static final class Ghost {
    final long boundAs;
    boolean started;

    Ghost(long boundAs) {
      this.boundAs = boundAs;
    }
  }

  Ghosts(int browsers, int tasks) {
    for (int i = 0; i < browsers; i++) {
      queues.add(new ArrayList<>(0));
    }
    boundAs = new long[tasks];
    ghosts = new int[tasks];
    Arrays.fill(ghosts, -1);
  }

  void bound(int task, int browser) {
    boundAs[task] = bindings++;
  }

  void stolen(int task, int from) {
    Ghost ghost = new Ghost(boundAs[task]);
    queues.get(from).add(ghost);
    if (ghosts[task] < 0) {
      ghosts[task] = ofTask.size();
      ofTask.add(new ArrayList<>(1));
    }
    ofTask.get(ghosts[task]).add(ghost);
  }

  /** A slot is about to be taken by that bound task, or by none. */
  void slotFree(int browser, int next) {
    List<Ghost> queue = queues.get(browser);
    if (queue.isEmpty()) {
      return;
    }
    long position = next < 0 ? Long.MAX_VALUE : boundAs[next];
    queue.stream()
        .min(Comparator.comparingLong(ghost -> ghost.boundAs))
        .filter(ghost -> ghost.boundAs < position)
        .ifPresent(ghost -> {
          ghost.started = true;
          queue.remove(ghost);
        });
  }

  void started(int task, double now) {
    if (ghosts[task] >= 0) {
      for (Ghost ghost : ofTask.get(ghosts[task])) {
        if (ghost.started) {
          unnecessary++;
        }
        queues.forEach(queue -> queue.remove(ghost));
      }
      ofTask.get(ghosts[task]).clear();
    }
  }

  /** The browser is gone: nothing would have started there. */
  void forget(int browser) {
    queues.get(browser).clear();
  }

  long unnecessary() {
    return unnecessary;
  }
}
