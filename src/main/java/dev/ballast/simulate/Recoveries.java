package dev.ballast.simulate;

import dev.ballast.balancer.schedule.Board;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From the loss of a browser to the last of its tasks running again. */
final class Recoveries {
  private final int[] lossOf;
  private final List<Loss> losses = new ArrayList<>();

  private static final class Loss {
    final double at;
    int open;
    double last;

    Loss(double at) {
      this.at = at;
    }
  }

  Recoveries(int tasks) {
    lossOf = new int[tasks];
    Arrays.fill(lossOf, -1);
  }

  void lost(Board board, int browser) {
    Loss loss = new Loss(board.nowSeconds());
    for (int i = 0; i < board.running(browser); i++) {
      add(loss, board.runningTask(browser, i));
    }
    for (int task = board.firstBound(browser); task != Board.NONE; task = board.nextBound(task)) {
      add(loss, task);
    }
    losses.add(loss);
  }

  private void add(Loss loss, int task) {
    lossOf[task] = losses.size();
    loss.open++;
  }

  void started(int task, double now) {
    if (lossOf[task] >= 0) {
      Loss loss = losses.get(lossOf[task]);
      loss.open--;
      loss.last = now;
      lossOf[task] = -1;
    }
  }

  /** Losses that hit a task and are recovered from. */
  int count() {
    return (int) losses.stream().filter(loss -> loss.open == 0 && loss.last > 0).count();
  }

  double sumSeconds() {
    return losses.stream()
        .filter(loss -> loss.open == 0 && loss.last > 0)
        .mapToDouble(loss -> loss.last - loss.at)
        .sum();
  }
}
