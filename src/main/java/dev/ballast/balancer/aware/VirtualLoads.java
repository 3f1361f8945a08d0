package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import java.util.Arrays;

/** What browsers have loaded, and would have loaded once the virtual schedule had been run. */
final class VirtualLoads {
  private final Board board;
  private int[][] variants = new int[0][];
  private int[] count = new int[0];
  private int[] countedIn = new int[0];
  private int schedule;

  VirtualLoads(Board board) {
    this.board = board;
  }

  /** Nothing is loaded beyond what is. */
  void clear() {
    schedule++;
    if (variants.length < board.browsers()) {
      variants = Arrays.copyOf(variants, board.browsers());
      count = Arrays.copyOf(count, board.browsers());
      countedIn = Arrays.copyOf(countedIn, board.browsers());
    }
  }

  int count(int browser) {
    return countedIn[browser] == schedule ? count[browser] : 0;
  }

  int variant(int browser, int i) {
    return variants[browser][i];
  }

  boolean resident(int browser, int variant) {
    if (board.resident(browser, variant)) {
      return true;
    }
    for (int i = 0; i < count(browser); i++) {
      if (variants[browser][i] == variant) {
        return true;
      }
    }
    return false;
  }

  void add(int browser, int variant) {
    int known = count(browser);
    if (variants[browser] == null) {
      variants[browser] = new int[4];
    } else if (known == variants[browser].length) {
      variants[browser] = Arrays.copyOf(variants[browser], known * 2);
    }
    variants[browser][known] = variant;
    count[browser] = known + 1;
    countedIn[browser] = schedule;
  }
}
