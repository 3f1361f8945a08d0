package dev.ballast.balancer.aware;

import dev.ballast.balancer.plan.ShareProgram;
import dev.ballast.balancer.plan.ShareSolver;
import dev.ballast.balancer.plan.Shares;
import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Times;
import org.jspecify.annotations.Nullable;

/** The latest optimum: where each group belongs, and what a second of a pool is worth. */
final class Prices {
  private static final int MOST_ROUNDS = 3;

  private final Board board;
  private final Times times;
  private @Nullable Shares shares;
  private double[][] left = new double[0][0];
  private double[] best = new double[0];
  private long bestVersion;

  Prices(Board board, Times times) {
    this.board = board;
    this.times = times;
  }

  /**
   * Solves anew.
   *
   * @param demand tasks by group
   * @param busySeconds promised slot-seconds by pool
   */
  void solve(double[] demand, double[] busySeconds, double epsilon) {
    int pools = board.pools();
    double[] slots = new double[pools];
    double all = 0;
    for (int c = 0; c < pools; c++) {
      slots[c] = board.poolSlots(c);
      all += slots[c];
    }
    if (all == 0) {
      shares = null;
      left = new double[0][0];
      return;
    }
    double end = shares == null ? estimateEnd(demand, all) : shares.endSeconds();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      double before = end;
      Shares solved = solveFor(before, demand, slots, busySeconds, epsilon);
      shares = solved;
      left = copy(solved.tasks());
      end = solved.endSeconds();
      if (end < 2 * before && before < 2 * end) {
        break;
      }
    }
  }

  private static double[][] copy(double[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      copy[i] = rows[i].clone();
    }
    return copy;
  }

  /** A slot that runs a model to the end loads it once: the later the end, the less that weighs. */
  private Shares solveFor(
      double end, double[] demand, double[] slots, double[] busySeconds, double epsilon) {
    int groups = demand.length;
    int pools = slots.length;
    double[][] seconds = new double[groups][pools];
    for (int g = 0; g < groups; g++) {
      for (int c = 0; c < pools; c++) {
        double service = times.serviceSeconds(g, c);
        seconds[g][c] =
            service == Double.POSITIVE_INFINITY
                ? service
                : service * (1 + Math.min(1, times.loadSeconds(g, c) / Math.max(end, 1e-9)));
      }
    }
    double[] start =
        shares != null && shares.poolPrice().length == pools ? shares.poolPrice() : null;
    return ShareSolver.solve(new ShareProgram(seconds, demand, slots, busySeconds, epsilon), start);
  }

  /** Without any split yet: the work at its best pools, spread over all slots. */
  private double estimateEnd(double[] demand, double slots) {
    double work = 0;
    for (int g = 0; g < demand.length; g++) {
      double best = bestSeconds(g);
      work += best < Double.POSITIVE_INFINITY ? demand[g] * best : 0;
    }
    return Math.max(work / slots, 1e-9);
  }

  /** Service time on the best pool that has slots, in seconds; infinite when there is none. */
  double bestSeconds(int group) {
    if (best.length != board.groups() || bestVersion != times.version()) {
      best = new double[board.groups()];
      bestVersion = times.version();
      for (int g = 0; g < best.length; g++) {
        best[g] = Double.POSITIVE_INFINITY;
        for (int c = 0; c < board.pools(); c++) {
          if (board.poolSlots(c) > 0) {
            best[g] = Math.min(best[g], times.serviceSeconds(g, c));
          }
        }
      }
    }
    return best[group];
  }

  /** The fleet changed: what is best may, too. */
  void fleetChanged() {
    best = new double[0];
  }

  boolean solved() {
    return shares != null;
  }

  boolean known(int group, int pool) {
    return shares != null && group < left.length && pool < left[group].length;
  }

  /** What is left of the group's share of the pool, in tasks. */
  double left(int group, int pool) {
    return known(group, pool) ? left[group][pool] : 0;
  }

  /** Tasks of the group that belong to the pool, of what waits and is expected. */
  double tasks(int group, int pool) {
    return shares != null && known(group, pool) ? shares.tasks()[group][pool] : 0;
  }

  void take(int group, int pool) {
    if (known(group, pool)) {
      left[group][pool] -= 1;
    }
  }

  /** λ: what a second of a slot of the pool is worth to the end, in seconds. */
  double pool(int pool) {
    return shares != null && pool < shares.poolPrice().length ? shares.poolPrice()[pool] : 0;
  }

  /** π: by how much one more task of the group moves the end, in seconds. */
  double group(int group) {
    double price =
        shares != null && group < shares.modelPrice().length ? shares.modelPrice()[group] : 0;
    return price < Double.POSITIVE_INFINITY ? price : 0;
  }

  /** When all demand is done, in seconds from the time of solving. */
  double endSeconds() {
    return shares == null ? 0 : shares.endSeconds();
  }
}
