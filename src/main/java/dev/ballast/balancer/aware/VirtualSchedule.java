package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;

/**
 * While tasks keep arriving: waiting tasks are put on slots one after the other as if they started
 * there, until every free slot knows its task. What would start now does.
 *
 * <pre>
 * cost(task, slot) = ready + e + Q·λ·e + latePrice · max(0, ready − arrival − 0.75·θ)
 *   e: service time, and load where the model is not resident; Q = queuePrice·W²/(W+S)
 * </pre>
 */
final class VirtualSchedule {
  private static final double OVERDUE = 0.15;
  private static final double FORGET = 1 - 1.0 / 2000;

  private final Board board;
  private final Times times;
  private final Moves moves;
  private final SlotTable slots;
  private final Prices prices;
  private final Tuning tuning;
  private double theta;
  private double[] ready = new double[0];
  private int[] head = new int[0];
  private boolean[][] loaded = new boolean[0][];
  private double[] best = new double[0];

  VirtualSchedule(
      Board board, Times times, Moves moves, SlotTable slots, Prices prices, Tuning tuning) {
    this.board = board;
    this.times = times;
    this.moves = moves;
    this.slots = slots;
    this.prices = prices;
    this.tuning = tuning;
  }

  /** Recent peak of the backlog, in seconds: the age a waiting task may reach. */
  void arrived() {
    double backlog = 0;
    for (int g = 0; g < board.groups(); g++) {
      backlog += board.waiting(g) * prices.group(g);
    }
    theta = Math.max(theta * FORGET, backlog);
  }

  void decide() {
    int free = 0;
    int size = slots.size();
    ready = Arrays.copyOf(ready, size);
    double now = board.nowSeconds();
    for (int s = 0; s < size; s++) {
      ready[s] = slots.usable(s) ? slots.readySeconds(s, OVERDUE) : Double.POSITIVE_INFINITY;
      if (slots.free(s)) {
        free++;
      }
    }
    int groups = board.groups();
    head = new int[groups];
    best = new double[groups];
    for (int g = 0; g < groups; g++) {
      head[g] = board.oldest(g);
      best[g] = prices.bestSeconds(g);
    }
    loaded = new boolean[board.browsers()][];
    double waiting = board.waiting();
    double queue = tuning.queuePrice() * waiting * waiting / (waiting + size);
    int steps = 0;
    while (free > 0 && steps < tuning.virtualSteps()) {
      int group = urgent(now);
      if (group < 0) {
        return;
      }
      steps++;
      int task = head[group];
      head[group] = board.next(task);
      int slot = place(group, board.arrivalSeconds(task), queue, now);
      if (slot < 0) {
        continue;
      }
      int browser = slots.browser(slot);
      int pool = board.pool(browser);
      if (ready[slot] <= now && slots.free(slot)) {
        start(task, group, slot);
        ready[slot] = slots.readySeconds(slot, OVERDUE);
        free--;
      } else {
        ready[slot] += seconds(group, browser, pool);
        load(browser)[group] = true;
      }
    }
    if (free > 0) {
      fallBack(now);
    }
  }

  private void start(int task, int group, int slot) {
    int browser = slots.browser(slot);
    prices.take(group, board.pool(browser));
    moves.start(task, browser);
    slots.occupySlot(task, slot);
  }

  private boolean[] load(int browser) {
    if (loaded[browser] == null) {
      loaded[browser] = new boolean[board.groups()];
    }
    return loaded[browser];
  }

  private double seconds(int group, int browser, int pool) {
    boolean resident =
        (loaded[browser] != null && loaded[browser][group])
            || board.resident(browser, times.variant(group, pool));
    return times.serviceSeconds(group, pool) + (resident ? 0 : times.loadSeconds(group, pool));
  }

  /** The group whose oldest task is next: too old ones by age, else by age over best time. */
  private int urgent(double now) {
    int chosen = -1;
    double greatest = Double.NEGATIVE_INFINITY;
    boolean chosenLate = false;
    for (int g = 0; g < head.length; g++) {
      if (head[g] == Board.NONE || best[g] == Double.POSITIVE_INFINITY) {
        continue;
      }
      double age = now - board.arrivalSeconds(head[g]);
      boolean late = age > 0.9 * theta;
      double key = late ? age : age / best[g];
      if ((late && !chosenLate) || (late == chosenLate && key > greatest)) {
        chosen = g;
        greatest = key;
        chosenLate = late;
      }
    }
    return chosen;
  }

  private int place(int group, double arrival, double queue, double now) {
    int chosen = -1;
    double least = Double.POSITIVE_INFINITY;
    double limit = arrival + 0.75 * theta;
    for (int s = 0; s < slots.size(); s++) {
      int browser = slots.browser(s);
      int pool = board.pool(browser);
      int variant = times.variant(group, pool);
      if (!(ready[s] < Double.POSITIVE_INFINITY) || variant < 0) {
        continue;
      }
      if (ready[s] <= now && slots.free(s) && !board.fits(browser, variant)) {
        continue;
      }
      double e = seconds(group, browser, pool);
      double cost =
          ready[s]
              + e
              + queue * prices.pool(pool) * e
              + tuning.latePrice() * Math.max(0, ready[s] - limit);
      if (cost < least) {
        least = cost;
        chosen = s;
      }
    }
    return chosen;
  }

  /** Many tasks want slots that are busy: free ones take what has a share of them. */
  private void fallBack(double now) {
    for (int s = 0; s < slots.size(); s++) {
      if (!slots.free(s)) {
        continue;
      }
      int browser = slots.browser(s);
      int pool = board.pool(browser);
      int chosen = -1;
      double greatest = -1;
      for (int g = 0; g < board.groups(); g++) {
        int variant = times.variant(g, pool);
        if (board.waiting(g) == 0
            || variant < 0
            || prices.left(g, pool) <= 0
            || !board.fits(browser, variant)) {
          continue;
        }
        double load = board.resident(browser, variant) ? 0 : times.loadSeconds(g, pool);
        double key = (now - board.arrivalSeconds(board.oldest(g))) / (prices.bestSeconds(g) + load);
        if (key > greatest) {
          greatest = key;
          chosen = g;
        }
      }
      if (chosen >= 0) {
        start(board.oldest(chosen), chosen, s);
      }
    }
  }
}
