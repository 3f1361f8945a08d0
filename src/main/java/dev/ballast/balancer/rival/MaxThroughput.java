package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * Gavel with its policy of maximal total throughput (Narayanan et al. 2020, "Heterogeneity-aware
 * cluster scheduling policies for deep learning workloads"). A linear programme says how many slots
 * of each pool each group should have, so that the sum of all rates is greatest:
 *
 * <pre>
 * maximise  Σ x(m,c) / seconds(m,c)
 * subject to  Σ_c x(m,c) ≤ tasks of m there are,  Σ_m x(m,c) ≤ slots of c
 * </pre>
 *
 * Gavel's mechanism then gives a free slot to the group with the highest priority, its share ÷ what
 * it has received. Without a share a group gets nothing of a pool.
 */
final class MaxThroughput implements Scheduler {
  /** A plan is made anew after a tenth of the slots were given away by it. */
  private static final int PLANS_PER_FLEET = 10;

  private static final double NOTHING = 1e-9;

  private final Board board;
  private final Moves moves;
  private final Times times;
  private final FreeByResident free;
  private double[][] share = new double[0][];
  private int[][] running = new int[0][];
  private boolean[] waited = new boolean[0];
  private int startsLeft;

  MaxThroughput(Board board, Times times, Moves moves) {
    this.board = board;
    this.moves = moves;
    this.times = times;
    free = new FreeByResident(board, times);
  }

  @Override
  public void decide() {
    if (board.waiting() == 0) {
      return;
    }
    grow();
    boolean replanned = false;
    if (startsLeft <= 0 || demandChanged()) {
      plan();
      replanned = true;
    }
    while (board.waiting() > 0) {
      if (!startOne()) {
        // A share may have been used up by what ended meanwhile.
        if (replanned) {
          return;
        }
        plan();
        replanned = true;
      }
    }
  }

  private boolean startOne() {
    int bestGroup = Board.NONE;
    int bestBrowser = Board.NONE;
    double bestPriority = 0;
    for (int pool = 0; pool < board.pools(); pool++) {
      if (board.freeBrowsers(pool) == 0) {
        continue;
      }
      for (int group = 0; group < board.groups(); group++) {
        if (board.waiting(group) == 0 || share[group][pool] <= NOTHING) {
          continue;
        }
        double priority = share[group][pool] / (1 + running[group][pool]);
        if (priority > bestPriority) {
          int browser = free.resident(group, pool);
          browser = browser == Board.NONE ? free.any(group, pool) : browser;
          if (browser != Board.NONE) {
            bestPriority = priority;
            bestGroup = group;
            bestBrowser = browser;
          }
        }
      }
    }
    if (bestGroup == Board.NONE) {
      return false;
    }
    moves.start(board.oldest(bestGroup), bestBrowser);
    running[bestGroup][board.pool(bestBrowser)]++;
    free.changed(bestBrowser);
    startsLeft--;
    return true;
  }

  private boolean demandChanged() {
    for (int group = 0; group < board.groups(); group++) {
      if (waited[group] != board.waiting(group) > 0) {
        return true;
      }
    }
    return false;
  }

  private void plan() {
    ExpressionsBasedModel model = new ExpressionsBasedModel();
    Variable[][] x = new Variable[board.groups()][board.pools()];
    Expression[] room = new Expression[board.pools()];
    int slots = 0;
    for (int pool = 0; pool < board.pools(); pool++) {
      room[pool] = model.addExpression("pool" + pool).upper(board.poolSlots(pool));
      slots += board.poolSlots(pool);
    }
    for (int group = 0; group < board.groups(); group++) {
      waited[group] = board.waiting(group) > 0;
      int tasks = board.waiting(group) + Arrays.stream(running[group]).sum();
      Arrays.fill(share[group], 0);
      if (tasks == 0) {
        continue;
      }
      Expression all = model.addExpression("group" + group).upper(tasks);
      for (int pool = 0; pool < board.pools(); pool++) {
        if (times.canRun(group, pool) && board.poolSlots(pool) > 0) {
          x[group][pool] =
              model
                  .addVariable("x" + group + "_" + pool)
                  .lower(0)
                  .weight(1 / times.serviceSeconds(group, pool));
          all.set(x[group][pool], 1);
          room[pool].set(x[group][pool], 1);
        }
      }
    }
    Optimisation.Result result = model.maximise();
    for (int group = 0; group < board.groups(); group++) {
      for (int pool = 0; pool < board.pools(); pool++) {
        Variable variable = x[group][pool];
        if (variable != null) {
          share[group][pool] = result.get(model.indexOf(variable)).doubleValue();
        }
      }
    }
    startsLeft = Math.max(1, slots / PLANS_PER_FLEET);
  }

  private void grow() {
    if (share.length < board.groups() || (share.length > 0 && share[0].length < board.pools())) {
      int known = running.length;
      share = new double[board.groups()][board.pools()];
      running = Arrays.copyOf(running, board.groups());
      waited = Arrays.copyOf(waited, board.groups());
      for (int group = 0; group < board.groups(); group++) {
        running[group] =
            group < known ? Arrays.copyOf(running[group], board.pools()) : new int[board.pools()];
      }
      startsLeft = 0;
    }
  }

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    running[board.group(task)][board.pool(browser)]--;
    free.changed(browser);
  }

  @Override
  public void lost(int browser) {
    recount();
    free.changed(browser);
  }

  @Override
  public void joined(int browser) {
    grow();
    free.changed(browser);
    startsLeft = 0;
  }

  private void recount() {
    for (int[] row : running) {
      Arrays.fill(row, 0);
    }
    for (int browser = 0; browser < board.browsers(); browser++) {
      for (int i = 0; i < board.running(browser); i++) {
        running[board.group(board.runningTask(browser, i))][board.pool(browser)]++;
      }
    }
    startsLeft = 0;
  }
}
