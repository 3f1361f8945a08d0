package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import java.util.Arrays;

/**
 * How many slots of a pool have a variant loaded, and what one more load is worth.
 *
 * <pre>
 * load counts 1/(1 + loadUses · uses)     while fewer than loadCover · needed slots have it
 *                                         and nothing else must be evicted; else all of it
 *   needed = x·p/horizon                  slots the programme would keep busy with it
 *   uses   = x/(browsers that have it + 1)
 * </pre>
 *
 * The task that finds a browser without its model pays for the load alone; those after it gain by
 * it. Counted anew when the programme is solved; what loads meanwhile is added, what is evicted is
 * found out then.
 */
final class Holders {
  private final Board board;
  private final Prices prices;
  private final Tuning tuning;
  private int[][] loaded = new int[0][];
  private int[][] planned = new int[0][];
  private int[][] plannedIn = new int[0][];
  private int schedule;

  Holders(Board board, Prices prices, Tuning tuning) {
    this.board = board;
    this.prices = prices;
    this.tuning = tuning;
  }

  void recount() {
    for (int[] row : loaded) {
      Arrays.fill(row, 0);
    }
    for (int browser = 0; browser < board.browsers(); browser++) {
      if (board.present(browser)) {
        for (int i = 0; i < board.residents(browser); i++) {
          added(browser, board.residentVariant(browser, i));
        }
      }
    }
  }

  /** The browser loads the variant. */
  void added(int browser, int variant) {
    int pool = board.pool(browser);
    grow(pool, variant);
    loaded[pool][variant] += board.slots(browser);
  }

  /** A schedule begins: nothing is planned. */
  void begin() {
    schedule++;
  }

  /** The schedule would load it there. */
  void planned(int browser, int variant) {
    int pool = board.pool(browser);
    grow(pool, variant);
    if (plannedIn[pool][variant] != schedule) {
      plannedIn[pool][variant] = schedule;
      planned[pool][variant] = 0;
    }
    planned[pool][variant] += board.slots(browser);
  }

  private void grow(int pool, int variant) {
    while (loaded.length <= pool) {
      int pools = loaded.length + 1;
      loaded = Arrays.copyOf(loaded, pools);
      planned = Arrays.copyOf(planned, pools);
      plannedIn = Arrays.copyOf(plannedIn, pools);
      loaded[pools - 1] = new int[0];
      planned[pools - 1] = new int[0];
      plannedIn[pools - 1] = new int[0];
    }
    if (loaded[pool].length <= variant) {
      loaded[pool] = Arrays.copyOf(loaded[pool], variant + 1);
      planned[pool] = Arrays.copyOf(planned[pool], variant + 1);
      plannedIn[pool] = Arrays.copyOf(plannedIn[pool], variant + 1);
    }
  }

  /** The share of a load in the browser that its first task should count, 0–1. */
  double loadShare(int group, int browser, int variant, double serviceSeconds) {
    int pool = board.pool(browser);
    double tasks = prices.tasks(group, pool);
    if (tasks <= 0 || !board.fitsBeside(browser, variant)) {
      return 1;
    }
    grow(pool, variant);
    double slots = loaded[pool][variant];
    if (plannedIn[pool][variant] == schedule) {
      slots += planned[pool][variant];
    }
    if (slots >= tuning.loadCover() * tasks * serviceSeconds / tuning.horizonSeconds()) {
      return 1;
    }
    double browsers = slots / board.slots(browser);
    return 1 / (1 + tuning.loadUses() * tasks / (browsers + 1));
  }
}
