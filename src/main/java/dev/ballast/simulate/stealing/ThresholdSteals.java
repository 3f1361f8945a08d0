package dev.ballast.simulate.stealing;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Stealing;
import dev.ballast.balancer.schedule.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/**
 * The stealing of Ballast's ancestor by the same board and protocol: every so often each browser
 * with less than 0.3 of its slots busy takes one bound task from the fullest of those with more
 * than 0.7, at most 5 in all. What the task would gain, and what it must load, is not asked.
 */
final class ThresholdSteals implements Stealing {
  private static final double IDLE_BELOW = 0.3;
  private static final double BUSY_ABOVE = 0.7;
  private static final int MOST = 5;

  private final double everySeconds;
  private double nextCycle;

  /** {@code everySeconds}: the ancestor's 30, or 0 for whenever something changes. */
  ThresholdSteals(double everySeconds) {
    this.everySeconds = everySeconds;
    this.nextCycle = everySeconds;
  }

  @Override
  public Duration cooldown() {
    return Duration.ZERO;
  }

  @Override
  public List<Move> wanted(Board board, Times times, IntPredicate mayMove) {
    List<Integer> wanted = new ArrayList<>();
    if (board.nowSeconds() < nextCycle) {
      return List.of();
    }
    nextCycle =
        everySeconds == 0 ? 0 : everySeconds * (1 + Math.floor(board.nowSeconds() / everySeconds));
    for (int idle = 0; idle < board.browsers() && wanted.size() < MOST; idle++) {
      if (board.present(idle) && load(board, idle) < IDLE_BELOW && board.bound(idle) == 0) {
        int task = fromTheFullest(board, times, idle, mayMove, wanted);
        if (task != Board.NONE) {
          wanted.add(task);
        }
      }
    }
    return wanted.stream().map(task -> new Move(task, OptionalDouble.empty())).toList();
  }

  private static int fromTheFullest(
      Board board, Times times, int idle, IntPredicate mayMove, List<Integer> taken) {
    int chosen = Board.NONE;
    double fullest = 0;
    for (int busy = 0; busy < board.browsers(); busy++) {
      double queue = (double) (board.running(busy) + board.bound(busy)) / board.slots(busy);
      if (load(board, busy) > BUSY_ABOVE && queue > fullest) {
        for (int task = board.firstBound(busy); task != Board.NONE; task = board.nextBound(task)) {
          if (!taken.contains(task)
              && times.canRun(board.group(task), board.pool(idle))
              && mayMove.test(task)) {
            chosen = task;
            fullest = queue;
            break;
          }
        }
      }
    }
    return chosen;
  }

  private static double load(Board board, int browser) {
    return (double) board.running(browser) / board.slots(browser);
  }
}
