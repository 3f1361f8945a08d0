package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The order of Selenium Grid's {@code DefaultSlotSelector}: nodes that support fewer kinds of
 * browsers (all of ours support one), then the lowest load, then the longest without a new session,
 * then the name.
 */
public final class LeastLoaded extends LateBinding {
  private final List<TreeSet<Integer>> free = new ArrayList<>();
  private double[] load = new double[0];
  private double[] lastStart = new double[0];
  private boolean[] listed = new boolean[0];

  public LeastLoaded(Board board, Times times, Moves moves) {
    super(board, times, moves);
    for (int browser = 0; browser < board.browsers(); browser++) {
      joined(browser);
    }
  }

  private int compare(int left, int right) {
    int compared = Double.compare(load[left], load[right]);
    if (compared == 0) {
      compared = Double.compare(lastStart[left], lastStart[right]);
    }
    return compared == 0 ? board.browserName(left).compareTo(board.browserName(right)) : compared;
  }

  @Override
  int pick(int task, int group) {
    int best = Board.NONE;
    for (int pool = 0; pool < free.size(); pool++) {
      if (times.canRun(group, pool)) {
        for (int browser : free.get(pool)) {
          if (canStart(group, browser)) {
            best = best == Board.NONE || compare(browser, best) < 0 ? browser : best;
            break;
          }
        }
      }
    }
    return best;
  }

  @Override
  void placed(int task, int browser) {
    refresh(browser, board.nowSeconds());
  }

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    refresh(browser, lastStart[browser]);
  }

  @Override
  public void lost(int browser) {
    refresh(browser, lastStart[browser]);
  }

  @Override
  public void joined(int browser) {
    while (free.size() < board.pools()) {
      free.add(new TreeSet<>(Comparator.comparing(x -> x, this::compare)));
    }
    if (browser >= load.length) {
      int size = Math.max(board.browsers(), browser + 1);
      load = Arrays.copyOf(load, size);
      lastStart = Arrays.copyOf(lastStart, size);
      listed = Arrays.copyOf(listed, size);
    }
    refresh(browser, 0);
  }

  private void refresh(int browser, double lastStarted) {
    TreeSet<Integer> pool = free.get(board.pool(browser));
    if (listed[browser]) {
      pool.remove(browser);
    }
    load[browser] = (double) board.running(browser) / board.slots(browser);
    lastStart[browser] = lastStarted;
    listed[browser] = board.freeSlots(browser) > 0;
    if (listed[browser]) {
      pool.add(browser);
    }
  }
}
