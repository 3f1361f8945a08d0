package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The order of Selenium Grid's {@code DefaultSlotSelector} (4.48): nodes that support fewer kinds
 * of browsers first (all of ours support one), then the lowest load, then the longest without a new
 * session, then the newest version (where pools differ in it), then the name.
 */
public final class LeastLoaded extends LateBinding {
  private static final double NEVER = -1;

  private final Ranking ranking;
  private double[] lastStart = new double[0];
  private int[] running = new int[0];

  public LeastLoaded(Board board, Times times, Moves moves) {
    super(board, times, moves);
    ranking = new Ranking(board);
    for (int browser = 0; browser < board.browsers(); browser++) {
      changed(browser);
    }
  }

  @Override
  int pick(int group) {
    int best = Board.NONE;
    for (int pool = 0; pool < board.pools(); pool++) {
      if (times.canRun(group, pool)) {
        for (int browser : ranking.pool(pool)) {
          if (canStart(group, browser)) {
            best = best == Board.NONE || ranking.compare(browser, best) < 0 ? browser : best;
            break;
          }
        }
      }
    }
    return best;
  }

  /** All browsers where a task of the group can start now, the preferred one first. */
  List<Integer> order(int group) {
    List<Integer> all = new ArrayList<>();
    for (int pool = 0; pool < board.pools(); pool++) {
      ranking.pool(pool).stream().filter(browser -> canStart(group, browser)).forEach(all::add);
    }
    all.sort(ranking::compare);
    return all;
  }

  @Override
  void changed(int browser) {
    if (lastStart.length < board.browsers()) {
      int known = lastStart.length;
      lastStart = Arrays.copyOf(lastStart, board.browsers());
      running = Arrays.copyOf(running, board.browsers());
      Arrays.fill(lastStart, known, lastStart.length, NEVER);
    }
    if (board.running(browser) > running[browser]) {
      lastStart[browser] = board.nowSeconds();
    }
    running[browser] = board.running(browser);
    if (board.freeSlots(browser) > 0) {
      double load = (double) running[browser] / board.slots(browser);
      ranking.put(browser, load, lastStart[browser]);
    } else {
      ranking.remove(browser);
    }
  }

  @Override
  public void joined(int browser) {
    changed(browser);
    lastStart[browser] = NEVER;
    changed(browser);
  }
}
