package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.StealingMoves;
import dev.ballast.balancer.schedule.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Dask's scheduler and its work stealing ({@code distributed/scheduler.py}, {@code stealing.py}). A
 * task goes where it would start first, its data (here: the loaded model) counted; a worker is sent
 * at most ⌈1.1 · slots⌉ tasks, the rest is queued. Every 100 ms idle workers take bound tasks from
 * saturated ones, cheapest to move first, when
 *
 * <pre>
 * occupancy(thief) + transfer + compute ≤ occupancy(victim) − (transfer(victim) + compute) / 2
 * </pre>
 */
final class DaskStealing implements Scheduler {
  private static final double EVERY_SECONDS = 0.1;
  private static final double SATURATION = 1.1;
  private static final int LEVELS = 15;
  private static final double DEAREST = 100;
  private static final int FEW = 10;

  private final Board board;
  private final Times times;
  private final StealingMoves moves;
  private boolean[] blocked = new boolean[0];
  private double[] duration = new double[0];
  private double[] occupancy = new double[0];
  private boolean dirty;
  private double lastCycle = -1;

  DaskStealing(Board board, Times times, StealingMoves moves) {
    this.board = board;
    this.times = times;
    this.moves = moves;
  }

  @Override
  public void decide() {
    occupancy =
        occupancy.length < board.browsers()
            ? Arrays.copyOf(occupancy, board.browsers())
            : occupancy;
    send();
    if (dirty && board.nowSeconds() >= lastCycle + EVERY_SECONDS) {
      balance();
    }
  }

  @Override
  public double wakeAtSeconds() {
    return dirty ? lastCycle + EVERY_SECONDS : Double.POSITIVE_INFINITY;
  }

  // Sending

  private void send() {
    if (board.waiting() == 0) {
      return;
    }
    blocked = blocked.length < board.groups() ? new boolean[board.groups()] : blocked;
    Arrays.fill(blocked, false);
    for (int task = oldest(); task != Board.NONE; task = oldest()) {
      int worker = earliestStart(board.group(task));
      if (worker == Board.NONE) {
        blocked[board.group(task)] = true;
      } else {
        assign(task, worker);
        moves.bind(task, worker);
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

  /** {@code worker_objective}: stack time ÷ threads + transfer, then the fewest bytes stored. */
  private int earliestStart(int group) {
    int best = Board.NONE;
    double bestStart = Double.POSITIVE_INFINITY;
    for (int worker = 0; worker < board.browsers(); worker++) {
      if (!board.present(worker)
          || processing(worker) >= Math.ceil(SATURATION * board.slots(worker))
          || !times.canRun(group, board.pool(worker))) {
        continue;
      }
      double start = occupancy[worker] / board.slots(worker) + transfer(group, worker);
      if (start < bestStart
          || (start == bestStart && board.residentMiB(worker) < board.residentMiB(best))) {
        best = worker;
        bestStart = start;
      }
    }
    return best;
  }

  private double transfer(int group, int worker) {
    int pool = board.pool(worker);
    return board.resident(worker, times.variant(group, pool)) ? 0 : times.loadSeconds(group, pool);
  }

  private int processing(int worker) {
    return board.running(worker) + board.bound(worker);
  }

  private void assign(int task, int worker) {
    if (task >= duration.length) {
      duration = Arrays.copyOf(duration, Math.max(64, task * 2));
    }
    int group = board.group(task);
    duration[task] = times.serviceSeconds(group, board.pool(worker)) + transfer(group, worker);
    occupancy[worker] += duration[task];
    dirty = true;
  }

  // Stealing

  private void balance() {
    lastCycle = board.nowSeconds();
    dirty = false;
    double all = 0;
    int threads = 0;
    for (int worker = 0; worker < board.browsers(); worker++) {
      if (board.present(worker)) {
        all += occupancy[worker];
        threads += board.slots(worker);
      }
    }
    double average = threads == 0 ? 0 : all / threads;
    List<Integer> idle = new ArrayList<>();
    List<Integer> saturated = new ArrayList<>();
    List<Integer> loaded = new ArrayList<>();
    for (int worker = 0; worker < board.browsers(); worker++) {
      if (!board.present(worker)) {
        continue;
      }
      int slots = board.slots(worker);
      int tasks = processing(worker);
      if (tasks < slots || occupancy[worker] < slots * average / 2) {
        idle.add(worker);
      } else if (tasks > slots) {
        double pending = occupancy[worker] * (tasks - slots) / (tasks * (double) slots);
        if (pending > 0.4 && pending > 1.9 * average) {
          saturated.add(worker);
        }
      }
      if (board.bound(worker) > 0) {
        loaded.add(worker);
      }
    }
    if (idle.isEmpty() || loaded.isEmpty()) {
      return;
    }
    Comparator<Integer> fullest = Comparator.comparingDouble(worker -> -occupancy[worker]);
    if (saturated.isEmpty()) {
      loaded.sort(fullest);
      saturated = loaded.subList(0, Math.min(FEW, loaded.size()));
    } else {
      saturated.sort(fullest);
    }
    for (int level = 0; level < LEVELS; level++) {
      for (int victim : saturated) {
        stealFrom(victim, level, idle);
      }
    }
  }

  private void stealFrom(int victim, int level, List<Integer> idle) {
    int task = board.firstBound(victim);
    while (task != Board.NONE) {
      int next = board.nextBound(task);
      int group = board.group(task);
      if (level(group, victim) == level) {
        int thief = thief(group, victim, idle);
        if (thief != Board.NONE && worthIt(group, victim, thief)) {
          occupancy[victim] -= duration[task];
          assign(task, thief);
          moves.steal(task, thief);
        }
      }
      task = next;
    }
  }

  /** How dear the move is beside the work: log₂(transfer ÷ compute) + 6, at least 1; 0: free. */
  private int level(int group, int victim) {
    double transfer = times.loadSeconds(group, board.pool(victim));
    if (transfer == 0) {
      return 0;
    }
    double ratio = transfer / times.serviceSeconds(group, board.pool(victim));
    return ratio > DEAREST
        ? -1
        : (int) Math.max(1, Math.rint(StrictMath.log(ratio) / StrictMath.log(2) + 6));
  }

  private int thief(int group, int victim, List<Integer> idle) {
    int best = Board.NONE;
    for (int worker : idle) {
      if (worker != victim
          && times.canRun(group, board.pool(worker))
          && (best == Board.NONE || occupancy[worker] < occupancy[best])) {
        best = worker;
      }
    }
    return best;
  }

  private boolean worthIt(int group, int victim, int thief) {
    double there = times.serviceSeconds(group, board.pool(thief)) + transfer(group, thief);
    double here = times.serviceSeconds(group, board.pool(victim)) + transfer(group, victim);
    return occupancy[thief] + there <= occupancy[victim] - here / 2;
  }

  @Override
  public void arrived(int task) {
    dirty = true;
  }

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    occupancy[browser] =
        board.running(browser) + board.bound(browser) == 0
            ? 0
            : Math.max(0, occupancy[browser] - duration[task]);
    dirty = true;
  }

  @Override
  public void lost(int browser) {
    occupancy[browser] = 0;
    dirty = true;
  }

  @Override
  public void joined(int browser) {
    dirty = true;
  }
}
