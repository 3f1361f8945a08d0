package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.StealingMoves;
import dev.ballast.balancer.schedule.Times;
import dev.ballast.model.ModelFamily;
import java.util.Arrays;

/**
 * The stealing of Ballast's ancestor: every 30 s each browser with less than 0.3 of its slots busy
 * takes one bound task from the busiest of those with more than 0.7, at most 5 in all, of families
 * whose browser is overloaded if it can. Tasks are bound by the {@link AncestorScore}, equal ones
 * to the shorter queue.
 *
 * <p>The ancestor bound everything at once. Here a browser holds at most as many bound tasks as it
 * has slots, and the rest waits in one queue: the stealing needs something to steal, but no more.
 */
final class ThresholdStealing implements Scheduler {
  private static final double EVERY_SECONDS = 30;
  private static final double IDLE_BELOW = 0.3;
  private static final double BUSY_ABOVE = 0.7;
  private static final int MOST_STEALS = 5;

  private final Board board;
  private final Times times;
  private final StealingMoves moves;
  private final Ranking ranking;
  private boolean[] blocked = new boolean[0];
  private double nextCycle = EVERY_SECONDS;
  private int bound;

  ThresholdStealing(Board board, Times times, StealingMoves moves) {
    this.board = board;
    this.times = times;
    this.moves = moves;
    ranking = new Ranking(board);
    for (int browser = 0; browser < board.browsers(); browser++) {
      changed(browser);
    }
  }

  @Override
  public void decide() {
    bindWaiting();
    if (board.nowSeconds() >= nextCycle) {
      steal();
      nextCycle = EVERY_SECONDS * (1 + Math.floor(board.nowSeconds() / EVERY_SECONDS));
    }
  }

  @Override
  public double wakeAtSeconds() {
    return bound > 0 ? nextCycle : Double.POSITIVE_INFINITY;
  }

  private void bindWaiting() {
    if (board.waiting() == 0) {
      return;
    }
    blocked = blocked.length < board.groups() ? new boolean[board.groups()] : blocked;
    Arrays.fill(blocked, false);
    for (int task = oldest(); task != Board.NONE; task = oldest()) {
      int browser = pick(board.group(task));
      if (browser == Board.NONE) {
        blocked[board.group(task)] = true;
      } else {
        moves.bind(task, browser);
        changed(browser);
      }
    }
  }

  private int oldest() {
    int oldest = Board.NONE;
    for (int group = 0; group < board.groups(); group++) {
      oldest = blocked[group] ? oldest : Order.older(board, board.oldest(group), oldest);
    }
    return oldest;
  }

  private int pick(int group) {
    int best = Board.NONE;
    double bestScore = 0;
    for (int pool = 0; pool < board.pools(); pool++) {
      if (times.canRun(group, pool) && !ranking.pool(pool).isEmpty()) {
        int browser = ranking.pool(pool).first();
        double score =
            AncestorScore.affinity(board.family(group), board.kind(pool)) * room(browser);
        if (score > bestScore || (score == bestScore && shorter(browser, best))) {
          best = browser;
          bestScore = score;
        }
      }
    }
    return best;
  }

  private boolean shorter(int browser, int best) {
    int compared = Double.compare(queue(browser), queue(best));
    return compared < 0
        || (compared == 0
            && AncestorScore.rank(board.kind(board.pool(browser)))
                < AncestorScore.rank(board.kind(board.pool(best))));
  }

  private double queue(int browser) {
    return (double) (board.running(browser) + board.bound(browser)) / board.slots(browser);
  }

  private double load(int browser) {
    return (double) board.running(browser) / board.slots(browser);
  }

  private double room(int browser) {
    int active = board.running(browser) + board.bound(browser);
    return AncestorScore.room(Math.min(1, queue(browser)), active);
  }

  private void steal() {
    int left = MOST_STEALS;
    for (int idle = 0; idle < board.browsers() && left > 0; idle++) {
      if (board.present(idle) && load(idle) < IDLE_BELOW && board.bound(idle) == 0) {
        int busiest = busiest();
        int task = busiest == Board.NONE ? Board.NONE : choose(busiest, idle);
        if (task != Board.NONE) {
          moves.steal(task, idle);
          changed(busiest);
          changed(idle);
          left--;
        }
      }
    }
  }

  private int busiest() {
    int busiest = Board.NONE;
    for (int browser = 0; browser < board.browsers(); browser++) {
      if (board.bound(browser) > 0
          && load(browser) > BUSY_ABOVE
          && (busiest == Board.NONE || queue(browser) > queue(busiest))) {
        busiest = browser;
      }
    }
    return busiest;
  }

  private int choose(int victim, int thief) {
    int chosen = Board.NONE;
    for (int task = board.firstBound(victim); task != Board.NONE; task = board.nextBound(task)) {
      int group = board.group(task);
      if (times.canRun(group, board.pool(thief))) {
        if (overloaded(board.family(group))) {
          return task;
        }
        chosen = chosen == Board.NONE ? task : chosen;
      }
    }
    return chosen;
  }

  /** Whether the kinds of browser that the family prefers are busy, on the whole. */
  private boolean overloaded(ModelFamily family) {
    int running = 0;
    int slots = 0;
    for (int browser = 0; browser < board.browsers(); browser++) {
      if (board.present(browser)
          && AncestorScore.affinity(family, board.kind(board.pool(browser))) == 1) {
        running += board.running(browser);
        slots += board.slots(browser);
      }
    }
    return running > BUSY_ABOVE * slots;
  }

  private void changed(int browser) {
    recountBound(browser);
    if (board.present(browser) && board.bound(browser) < board.slots(browser)) {
      ranking.put(browser, -room(browser), queue(browser));
    } else {
      ranking.remove(browser);
    }
  }

  private int[] boundOf = new int[0];

  private void recountBound(int browser) {
    if (boundOf.length < board.browsers()) {
      boundOf = Arrays.copyOf(boundOf, board.browsers());
    }
    bound += board.bound(browser) - boundOf[browser];
    boundOf[browser] = board.bound(browser);
  }

  @Override
  public void started(int task, int browser) {
    changed(browser);
  }

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    changed(browser);
  }

  @Override
  public void lost(int browser) {
    changed(browser);
  }

  @Override
  public void joined(int browser) {
    changed(browser);
  }
}
