package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Browsers with a free slot, found by a model they have loaded. Kept up to date by {@link
 * #changed}.
 */
final class FreeByResident {
  /** Evicting something is no reason to look through a whole pool. */
  private static final int LOOKS = 16;

  private final Board board;
  private final Times times;
  private final List<List<Holders>> holders = new ArrayList<>();
  private int[][] listedAs = new int[0][];

  /** Browsers of one pool that hold one variant. */
  private static final class Holders {
    int[] browsers = new int[4];
    int size;

    void add(int browser) {
      if (size == browsers.length) {
        browsers = Arrays.copyOf(browsers, size * 2);
      }
      browsers[size++] = browser;
    }

    void remove(int browser) {
      int at = 0;
      while (browsers[at] != browser) {
        at++;
      }
      browsers[at] = browsers[--size];
    }
  }

  FreeByResident(Board board, Times times) {
    this.board = board;
    this.times = times;
    for (int browser = 0; browser < board.browsers(); browser++) {
      changed(browser);
    }
  }

  /** Its slots or its models changed. */
  void changed(int browser) {
    while (listedAs.length < board.browsers()) {
      int known = listedAs.length;
      listedAs = Arrays.copyOf(listedAs, board.browsers());
      Arrays.fill(listedAs, known, listedAs.length, new int[0]);
    }
    int pool = board.pool(browser);
    for (int variant : listedAs[browser]) {
      of(pool, variant).remove(browser);
    }
    int count = board.freeSlots(browser) > 0 ? board.residents(browser) : 0;
    int[] listed = new int[count];
    for (int i = 0; i < count; i++) {
      listed[i] = board.residentVariant(browser, i);
      of(pool, listed[i]).add(browser);
    }
    listedAs[browser] = listed;
  }

  /** A browser of the pool with a free slot and the group's model loaded, or {@code NONE}. */
  int resident(int group, int pool) {
    int variant = times.variant(group, pool);
    if (variant < 0) {
      return Board.NONE;
    }
    Holders all = of(pool, variant);
    return all.size == 0 ? Board.NONE : all.browsers[all.size - 1];
  }

  /**
   * A browser of the pool with a free slot where the group can start, or {@code NONE}; one where
   * nothing must be evicted, if such a one is near.
   */
  int any(int group, int pool) {
    int variant = times.variant(group, pool);
    int found = Board.NONE;
    int free = variant < 0 ? 0 : board.freeBrowsers(pool);
    for (int i = 0; i < free && (found == Board.NONE || i < LOOKS); i++) {
      int browser = board.freeBrowser(pool, i);
      if (board.fitsBeside(browser, variant)) {
        return browser;
      }
      if (found == Board.NONE && board.fits(browser, variant)) {
        found = browser;
      }
    }
    return found;
  }

  /** Expected seconds in a slot of that browser. */
  double seconds(int group, int browser) {
    int pool = board.pool(browser);
    return times.serviceSeconds(group, pool)
        + (board.resident(browser, times.variant(group, pool))
            ? 0
            : times.loadSeconds(group, pool));
  }

  private Holders of(int pool, int variant) {
    while (holders.size() <= pool) {
      holders.add(new ArrayList<>());
    }
    List<Holders> variants = holders.get(pool);
    while (variants.size() <= variant) {
      variants.add(new Holders());
    }
    return variants.get(variant);
  }
}
