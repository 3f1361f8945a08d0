package dev.ballast.simulate;

import dev.ballast.balancer.schedule.LiveBoard;
import dev.ballast.balancer.schedule.Scheduler;
import java.util.Arrays;

/**
 * A fleet whose size changes: browsers are off, starting or there. Only an idle one is ended; what
 * runs is never interrupted. A browser costs from the moment it is asked for.
 */
final class Elastic {
  private static final double MEMORY = 0.9;

  private final FleetSize size;
  private final LiveBoard board;
  private final double[] askedAt;
  private final double[] readyAt;
  private final double[] ran;
  private int arrived;
  private double nextAt;
  private double seconds;

  Elastic(FleetSize size, LiveBoard board) {
    this.size = size;
    this.board = board;
    askedAt = new double[board.browsers()];
    readyAt = new double[board.browsers()];
    ran = new double[board.pools()];
    Arrays.fill(askedAt, Double.NaN);
    Arrays.fill(readyAt, Double.NaN);
    Arrays.fill(ran, 1);
    int[] there = new int[board.pools()];
    for (int at = 0; at < askedAt.length; at++) {
      if (there[board.pool(at)]++ < size.initial(board.pool(at))) {
        askedAt[at] = 0;
      } else {
        board.lose(at);
      }
    }
  }

  void arrived() {
    arrived++;
  }

  void started(int pool) {
    ran[pool]++;
  }

  void served(int pool, double slotSeconds) {
    size.served(pool, slotSeconds);
  }

  /** When something is to be done next. */
  double nextSeconds() {
    double next = nextAt;
    for (double at : readyAt) {
      next = at < next ? at : next;
    }
    return next;
  }

  /** Does what is due. */
  void act(Scheduler scheduler) {
    double now = board.nowSeconds();
    for (int at = 0; at < readyAt.length; at++) {
      if (readyAt[at] <= now) {
        readyAt[at] = Double.NaN;
        board.comeBack(at);
        scheduler.joined(at);
      }
    }
    if (nextAt <= now) {
      nextAt = now + size.intervalSeconds();
      double all = Arrays.stream(ran).sum();
      for (int pool = 0; pool < ran.length; pool++) {
        resize(pool, ran[pool] / all, scheduler);
      }
      for (int pool = 0; pool < ran.length; pool++) {
        ran[pool] = 1 + MEMORY * (ran[pool] - 1);
      }
      arrived = 0;
    }
  }

  private void resize(int pool, double share, Scheduler scheduler) {
    int busy = 0;
    int ready = 0;
    int present = 0;
    int slots = 1;
    for (int at = 0; at < askedAt.length; at++) {
      if (board.pool(at) == pool && !Double.isNaN(askedAt[at])) {
        present++;
        slots = board.slots(at);
        busy += board.running(at);
        ready += board.present(at) ? 1 : 0;
      }
    }
    int wanted =
        size.wanted(
            pool,
            new FleetSize.Sight(
                board.nowSeconds(), share * arrived, share * board.waiting(), busy, ready, slots));
    for (int at = 0; at < askedAt.length && present < wanted; at++) {
      if (board.pool(at) == pool && Double.isNaN(askedAt[at])) {
        askedAt[at] = board.nowSeconds();
        readyAt[at] = board.nowSeconds() + size.leadSeconds();
        present++;
      }
    }
    for (int at = askedAt.length - 1; at >= 0 && present > Math.max(1, wanted); at--) {
      if (board.pool(at) == pool && !Double.isNaN(askedAt[at]) && idle(at)) {
        present--;
        seconds += board.nowSeconds() - askedAt[at];
        askedAt[at] = Double.NaN;
        readyAt[at] = Double.NaN;
        if (board.present(at)) {
          board.lose(at);
          scheduler.lost(at);
        }
      }
    }
  }

  private boolean idle(int at) {
    return board.running(at) == 0 && board.bound(at) == 0;
  }

  /** What all browsers cost until now, in seconds of a browser. */
  double workerSeconds() {
    double sum = seconds;
    for (double since : askedAt) {
      sum += Double.isNaN(since) ? 0 : board.nowSeconds() - since;
    }
    return sum;
  }
}
