package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import java.util.Random;

/** Draws among the browsers that have a free slot and where a group can start. */
final class Lots {
  private static final int TRIES = 8;

  private final LateBinding rule;
  private final Random random;

  Lots(LateBinding rule, long seed) {
    this.rule = rule;
    this.random = new Random(seed);
  }

  /** Uniformly; {@link Board#NONE} when there is none. */
  int draw(int group) {
    Board board = rule.board;
    int all = 0;
    for (int pool = 0; pool < board.pools(); pool++) {
      if (rule.times.canRun(group, pool)) {
        all += board.freeBrowsers(pool);
      }
    }
    if (all == 0) {
      return Board.NONE;
    }
    // Where models in use leave no memory the lot does not count; that is rare.
    for (int i = 0; i < TRIES; i++) {
      int browser = at(group, random.nextInt(all));
      if (rule.canStart(group, browser)) {
        return browser;
      }
    }
    int first = random.nextInt(all);
    for (int i = 0; i < all; i++) {
      int browser = at(group, (first + i) % all);
      if (rule.canStart(group, browser)) {
        return browser;
      }
    }
    return Board.NONE;
  }

  private int at(int group, int index) {
    Board board = rule.board;
    int left = index;
    for (int pool = 0; pool < board.pools(); pool++) {
      if (rule.times.canRun(group, pool)) {
        if (left < board.freeBrowsers(pool)) {
          return board.freeBrowser(pool, left);
        }
        left -= board.freeBrowsers(pool);
      }
    }
    throw new IllegalArgumentException("lot " + index);
  }
}
