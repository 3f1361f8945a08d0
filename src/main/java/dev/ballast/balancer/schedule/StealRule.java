package dev.ballast.balancer.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * When it pays to move a task that is bound to a busy browser, and has not started, to a free slot
 * of another one:
 *
 * <pre>
 * left(b) = expected end − now       while its tasks are on time
 *         = now − expected end       once they are late: late by x, so it will be about x more
 * move    ⇔ left(b) + service(b) + load(b) &gt; margin · (service(c) + load(c)) + least gain
 * </pre>
 *
 * The load of the model is paid before anything is gained, the margin keeps what is nearly even
 * where it is, and a task that was moved is left alone for the cooldown.
 *
 * @param margin how many times longer staying must take, at least 1
 * @param leastGainSeconds how much sooner it must be besides, in seconds: while a task is asked
 *     back the slot it leaves may idle, and whoever comes next loses the one that it takes
 * @param cooldown time from one move of a task to its next
 */
public record StealRule(double margin, double leastGainSeconds, Duration cooldown)
    implements Stealing {
  public static final StealRule DEFAULTS = new StealRule(1.5, 1, Duration.ofSeconds(30));

  public StealRule {
    if (!(margin >= 1) || !(leastGainSeconds >= 0) || cooldown.isNegative()) {
      throw new IllegalArgumentException(
          "a move needs a margin ≥ 1 (%s), a least gain ≥ 0 s (%s), a cooldown ≥ 0 (%s)"
              .formatted(margin, leastGainSeconds, cooldown));
    }
  }

  /** How long a running task is still expected to run, in seconds. */
  public static double left(double nowSeconds, double expectedEndSeconds) {
    return Math.abs(expectedEndSeconds - nowSeconds);
  }

  /** Whether a task that would be done in {@code staySeconds} here should go there instead. */
  public boolean pays(double staySeconds, double goSeconds) {
    return staySeconds > margin * goSeconds + leastGainSeconds;
  }

  @Override
  public List<Move> wanted(Board board, Times times, IntPredicate mayMove) {
    List<Move> wanted = new ArrayList<>();
    if (!anySlotIsFree(board)) {
      return wanted;
    }
    Map<Integer, Integer> promised = new HashMap<>();
    for (int browser = 0; browser < board.browsers(); browser++) {
      if (board.bound(browser) == 0) {
        continue;
      }
      double[] left = left(board, browser);
      int place = 0;
      for (int task = board.firstBound(browser); task != Board.NONE; task = board.nextBound(task)) {
        Better better =
            mayMove.test(task)
                ? betterThan(board, times, browser, board.group(task), left, place, promised)
                : null;
        if (better != null) {
          promised.merge(better.browser(), 1, Integer::sum);
          wanted.add(new Move(task, OptionalDouble.of(better.seconds())));
        }
        place++;
      }
    }
    return wanted;
  }

  /** A browser where a task would be done so many seconds sooner. */
  private record Better(int browser, double seconds) {}

  private static boolean anySlotIsFree(Board board) {
    for (int pool = 0; pool < board.pools(); pool++) {
      if (board.freeBrowsers(pool) > 0) {
        return true;
      }
    }
    return false;
  }

  /** When the browser's slots come free, in seconds from now, the first one first. */
  private static double[] left(Board board, int browser) {
    double[] left = new double[board.slots(browser)];
    for (int i = 0; i < board.running(browser); i++) {
      left[i] = left(board.nowSeconds(), board.expectedEndSeconds(board.runningTask(browser, i)));
    }
    Arrays.sort(left);
    return left;
  }

  /** The free browser where the task would be done so much earlier that it pays, or null. */
  private @Nullable Better betterThan(
      Board board,
      Times times,
      int browser,
      int group,
      double[] left,
      int place,
      Map<Integer, Integer> promised) {
    double own = seconds(board, times, group, browser);
    double stay = left[place % left.length] + (1 + place / left.length) * own;
    int best = Board.NONE;
    double least = Double.POSITIVE_INFINITY;
    for (int pool = 0; pool < board.pools(); pool++) {
      int variant = times.variant(group, pool);
      for (int i = 0; variant >= 0 && i < board.freeBrowsers(pool); i++) {
        int other = board.freeBrowser(pool, i);
        double go = seconds(board, times, group, other);
        if (other != browser
            && go < least
            && board.fits(other, variant)
            && board.freeSlots(other) > promised.getOrDefault(other, 0)) {
          least = go;
          best = other;
        }
      }
    }
    return best != Board.NONE && pays(stay, least) ? new Better(best, stay - least) : null;
  }

  private static double seconds(Board board, Times times, int group, int browser) {
    int pool = board.pool(browser);
    double load =
        board.resident(browser, times.variant(group, pool)) ? 0 : times.loadSeconds(group, pool);
    return times.serviceSeconds(group, pool) + load;
  }
}
