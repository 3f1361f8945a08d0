package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;

/**
 * First come, first served, from one queue: the oldest task for which some browser is free starts
 * there; which one is the rule's to pick. As Selenium Grid's distributor goes through its queue.
 */
abstract class LateBinding implements Scheduler {
  final Board board;
  final Times times;
  private final Moves moves;
  private boolean[] blocked = new boolean[0];

  LateBinding(Board board, Times times, Moves moves) {
    this.board = board;
    this.times = times;
    this.moves = moves;
  }

  /** A browser with a free slot where a task of the group can start, or {@link Board#NONE}. */
  abstract int pick(int group);

  /** Slots of the browser came free or were taken, or it came or went. */
  void changed(int browser) {}

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    changed(browser);
  }

  @Override
  public void lost(int browser) {
    changed(browser);
  }

  @Override
  public void joined(int browser) {
    changed(browser);
  }

  @Override
  public void decide() {
    if (board.waiting() == 0 || !anyFree()) {
      return;
    }
    if (blocked.length < board.groups()) {
      blocked = new boolean[board.groups()];
    }
    Arrays.fill(blocked, false);
    for (int task = oldest(); task != Board.NONE; task = oldest()) {
      int group = board.group(task);
      int browser = pick(group);
      if (browser == Board.NONE) {
        // What starts for others only takes slots away: the group can't start at this instant.
        blocked[group] = true;
      } else {
        moves.start(task, browser);
        changed(browser);
      }
    }
  }

  private int oldest() {
    int oldest = Board.NONE;
    for (int group = 0; group < board.groups(); group++) {
      if (!blocked[group]) {
        oldest = Order.older(board, board.oldest(group), oldest);
      }
    }
    return oldest;
  }

  private boolean anyFree() {
    for (int pool = 0; pool < board.pools(); pool++) {
      if (board.freeBrowsers(pool) > 0) {
        return true;
      }
    }
    return false;
  }

  boolean canStart(int group, int browser) {
    int variant = times.variant(group, board.pool(browser));
    return variant >= 0 && board.freeSlots(browser) > 0 && board.fits(browser, variant);
  }
}
