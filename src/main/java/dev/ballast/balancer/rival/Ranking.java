package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Browsers of each pool in the order of two keys, then of their names; those without stay out. */
final class Ranking {
  private final Board board;
  private final List<TreeSet<Integer>> pools = new ArrayList<>();
  private double[] first = new double[0];
  private double[] second = new double[0];
  private boolean[] listed = new boolean[0];

  Ranking(Board board) {
    this.board = board;
  }

  int compare(int left, int right) {
    int compared = Double.compare(first[left], first[right]);
    if (compared == 0) {
      compared = Double.compare(second[left], second[right]);
    }
    return compared == 0 ? board.browserName(left).compareTo(board.browserName(right)) : compared;
  }

  NavigableSet<Integer> pool(int pool) {
    grow();
    return pools.get(pool);
  }

  void put(int browser, double firstKey, double secondKey) {
    remove(browser);
    first[browser] = firstKey;
    second[browser] = secondKey;
    listed[browser] = true;
    pools.get(board.pool(browser)).add(browser);
  }

  void remove(int browser) {
    grow();
    if (listed[browser]) {
      pools.get(board.pool(browser)).remove(browser);
      listed[browser] = false;
    }
  }

  private void grow() {
    while (pools.size() < board.pools()) {
      pools.add(new TreeSet<>(Comparator.comparing(browser -> browser, this::compare)));
    }
    if (listed.length < board.browsers()) {
      first = Arrays.copyOf(first, board.browsers());
      second = Arrays.copyOf(second, board.browsers());
      listed = Arrays.copyOf(listed, board.browsers());
    }
  }
}
