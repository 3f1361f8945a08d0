package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.Times;

/**
 * Generalised cμ with quadratic holding costs, which is max-weight: a free slot takes the group
 * with the greatest (waiting tasks) × (rate at which the slot would serve it, its load included).
 * Mandelbaum, Stolyar 2004, "Scheduling flexible servers with convex delay costs: heavy-traffic
 * optimality of the generalized cμ-rule"; Tassiulas, Ephremides 1992.
 */
final class MaxWeight implements Scheduler {
  private final Board board;
  private final Moves moves;
  private final Times times;
  private final FreeByResident free;

  MaxWeight(Board board, Times times, Moves moves) {
    this.board = board;
    this.times = times;
    this.moves = moves;
    free = new FreeByResident(board, times);
  }

  @Override
  public void decide() {
    while (board.waiting() > 0) {
      int bestGroup = Board.NONE;
      int bestBrowser = Board.NONE;
      double bestWeight = 0;
      for (int pool = 0; pool < board.pools(); pool++) {
        if (board.freeBrowsers(pool) == 0) {
          continue;
        }
        for (int group = 0; group < board.groups(); group++) {
          int waiting = board.waiting(group);
          if (waiting == 0 || waiting / times.serviceSeconds(group, pool) <= bestWeight) {
            continue;
          }
          int browser = free.resident(group, pool);
          if (browser == Board.NONE) {
            browser = free.any(group, pool);
          }
          if (browser != Board.NONE) {
            double weight = waiting / free.seconds(group, browser);
            if (weight > bestWeight) {
              bestWeight = weight;
              bestGroup = group;
              bestBrowser = browser;
            }
          }
        }
      }
      if (bestGroup == Board.NONE) {
        return;
      }
      moves.start(board.oldest(bestGroup), bestBrowser);
      free.changed(bestBrowser);
    }
  }

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    free.changed(browser);
  }

  @Override
  public void lost(int browser) {
    free.changed(browser);
  }

  @Override
  public void joined(int browser) {
    free.changed(browser);
  }
}
