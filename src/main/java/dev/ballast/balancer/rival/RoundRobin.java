package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Times;
import java.util.BitSet;

/** The next browser in turn that has a free slot. */
final class RoundRobin extends LateBinding {
  private final BitSet free = new BitSet();
  private int next;

  RoundRobin(Board board, Times times, Moves moves) {
    super(board, times, moves);
    for (int browser = 0; browser < board.browsers(); browser++) {
      changed(browser);
    }
  }

  @Override
  void changed(int browser) {
    free.set(browser, board.freeSlots(browser) > 0);
  }

  @Override
  int pick(int group) {
    int browser = from(group, next, board.browsers());
    if (browser == Board.NONE) {
      browser = from(group, 0, next);
    }
    if (browser != Board.NONE) {
      next = browser + 1;
    }
    return browser;
  }

  private int from(int group, int start, int end) {
    for (int browser = free.nextSetBit(start);
        browser >= 0 && browser < end;
        browser = free.nextSetBit(browser + 1)) {
      if (canStart(group, browser)) {
        return browser;
      }
    }
    return Board.NONE;
  }
}
