package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
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
 *
 * Slots of a pool differ only in when they are ready and in whether they have the model: two
 * candidates a pool are enough, beside the slots that this decision has touched.
 */
final class VirtualSchedule {
  private static final double OVERDUE = 0.15;
  private static final double FORGET = 1 - 1.0 / 2000;
  private static final double LATE = 0.9;
  private static final double PENALTY = 0.75;

  private final Board board;
  private final Times times;
  private final SlotTable slots;
  private final ReadyIndex index;
  private final Prices prices;
  private final Tuning tuning;
  private final Starts starts;
  private double theta;

  private int[] head = new int[0];

  // Slots touched in this decision
  private int[] slot = new int[16];
  private double[] ready = new double[16];
  private boolean[] idle = new boolean[16];
  private int touched;

  /** The decision in which the browser would have loaded the group's model, by browser. */
  private int[][] loadedIn = new int[0][];

  private int decision;

  // The group that is looked at, by pool
  private int pools;
  private int[] variant = new int[0];
  private double[] service = new double[0];
  private double[] loading = new double[0];
  private double[] price = new double[0];

  private double queue;
  private double now;

  /** Starts a task of the group in a free slot. */
  interface Starts {
    void start(int task, int group, int slot);
  }

  VirtualSchedule(
      Board board,
      Times times,
      SlotTable slots,
      ReadyIndex index,
      Prices prices,
      Tuning tuning,
      Starts starts) {
    this.board = board;
    this.times = times;
    this.slots = slots;
    this.index = index;
    this.prices = prices;
    this.tuning = tuning;
    this.starts = starts;
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
    now = board.nowSeconds();
    decision++;
    if (loadedIn.length < board.browsers()) {
      loadedIn = Arrays.copyOf(loadedIn, board.browsers());
    }
    int groups = board.groups();
    head = head.length == groups ? head : new int[groups];
    for (int g = 0; g < groups; g++) {
      head[g] = board.oldest(g);
    }
    queue = queueWeight();
    int free = slots.free();
    int steps = 0;
    boolean more = true;
    while (free > 0 && more && steps < tuning.virtualSteps()) {
      int group = urgent();
      more = group >= 0;
      if (more) {
        steps++;
        int task = head[group];
        head[group] = board.next(task);
        free -= place(task, group) ? 1 : 0;
      }
    }
    giveBack();
    if (free > 0 && more) {
      fallBack();
    }
  }

  private void giveBack() {
    for (int i = 0; i < touched; i++) {
      index.giveBack(slot[i]);
    }
    index.restore();
    touched = 0;
  }

  private void look(int group) {
    pools = board.pools();
    if (variant.length < pools) {
      variant = new int[pools];
      service = new double[pools];
      loading = new double[pools];
      price = new double[pools];
    }
    for (int c = 0; c < pools; c++) {
      variant[c] = times.variant(group, c);
      service[c] = times.serviceSeconds(group, c);
      loading[c] = times.loadSeconds(group, c);
      price[c] = prices.pool(c);
    }
  }

  /** Puts the task on its cheapest slot; true if it started. */
  private boolean place(int task, int group) {
    double limit = board.arrivalSeconds(task) + PENALTY * theta;
    look(group);
    for (int c = 0; c < pools; c++) {
      if (variant[c] >= 0) {
        uncover(variant[c], c);
      }
    }
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < touched; i++) {
      int browser = slots.browser(slot[i]);
      int pool = board.pool(browser);
      if (variant[pool] < 0 || (idle[i] && !board.fits(browser, variant[pool]))) {
        continue;
      }
      double cost = cost(group, browser, pool, ready[i], limit);
      if (cost < least || (cost == least && best >= 0 && slot[i] < slot[best])) {
        least = cost;
        best = i;
      }
    }
    int chosen = best;
    int untouched = -1;
    for (int c = 0; c < pools; c++) {
      if (variant[c] < 0) {
        continue;
      }
      for (int kind = 0; kind < 2; kind++) {
        int candidate = kind == 0 ? index.firstWith(c, variant[c]) : index.first(c);
        if (candidate >= 0) {
          double at = Math.max(now, index.readySeconds(candidate));
          double cost = cost(group, slots.browser(candidate), c, at, limit);
          if (cost < least) {
            least = cost;
            untouched = candidate;
          }
        }
      }
    }
    if (untouched >= 0) {
      chosen = touch(untouched, Math.max(now, index.readySeconds(untouched)));
    }
    if (chosen < 0) {
      return false;
    }
    int browser = slots.browser(slot[chosen]);
    if (idle[chosen]) {
      idle[chosen] = false;
      starts.start(task, group, slot[chosen]);
      ready[chosen] = board.expectedEndSeconds(task);
      return true;
    }
    ready[chosen] += seconds(group, browser, board.pool(browser));
    load(browser, group);
    return false;
  }

  /**
   * Brings up what stands first in the pool as what it is: slots that are overdue are expected
   * anew, and free ones whose memory is in use are touched, for other groups.
   */
  private void uncover(int ofVariant, int pool) {
    for (int kind = 0; kind < 2; kind++) {
      while (true) {
        int first = kind == 0 ? index.firstWith(pool, ofVariant) : index.first(pool);
        if (first < 0) {
          break;
        }
        boolean free = slots.task(first) == Board.NONE;
        if (!free && index.readySeconds(first) <= now) {
          index.postpone(first, Math.nextUp(slots.readySeconds(first, OVERDUE)));
        } else if (free && !board.fits(slots.browser(first), ofVariant)) {
          touch(first, now);
        } else {
          break;
        }
      }
    }
  }

  private int touch(int touchedSlot, double readySeconds) {
    if (touched == slot.length) {
      slot = Arrays.copyOf(slot, touched * 2);
      ready = Arrays.copyOf(ready, touched * 2);
      idle = Arrays.copyOf(idle, touched * 2);
    }
    index.setAside(touchedSlot);
    slot[touched] = touchedSlot;
    ready[touched] = readySeconds;
    idle[touched] = slots.free(touchedSlot);
    return touched++;
  }

  private double cost(int group, int browser, int pool, double readySeconds, double limit) {
    double e = seconds(group, browser, pool);
    return readySeconds
        + e
        + queue * price[pool] * e
        + tuning.latePrice() * Math.max(0, readySeconds - limit);
  }

  private double seconds(int group, int browser, int pool) {
    boolean resident =
        (loadedIn[browser] != null
                && group < loadedIn[browser].length
                && loadedIn[browser][group] == decision)
            || board.resident(browser, variant[pool]);
    return service[pool] + (resident ? 0 : loading[pool]);
  }

  private void load(int browser, int group) {
    if (loadedIn[browser] == null || loadedIn[browser].length < board.groups()) {
      loadedIn[browser] = new int[board.groups()];
    }
    loadedIn[browser][group] = decision;
  }

  /** The group whose oldest task is next: too old ones by age, else by age over best time. */
  private int urgent() {
    int chosen = -1;
    double greatest = Double.NEGATIVE_INFINITY;
    boolean chosenLate = false;
    for (int g = 0; g < head.length; g++) {
      if (head[g] == Board.NONE
          || !board.startable(g)
          || prices.bestSeconds(g) == Double.POSITIVE_INFINITY) {
        continue;
      }
      double age = now - board.arrivalSeconds(head[g]);
      boolean late = age > LATE * theta;
      double key = late ? age : age / prices.bestSeconds(g);
      if ((late && !chosenLate) || (late == chosenLate && key > greatest)) {
        chosen = g;
        greatest = key;
        chosenLate = late;
      }
    }
    return chosen;
  }

  /** Many tasks want slots that are busy: free ones take what has a share of them. */
  private void fallBack() {
    for (int s : slots.freeSlots()) {
      int chosen = next(s);
      if (chosen >= 0) {
        starts.start(board.oldest(chosen), chosen, s);
      }
    }
  }

  /** Of the groups with a share of the slot's pool the most urgent one, or -1. */
  int next(int ofSlot) {
    int browser = slots.browser(ofSlot);
    int pool = board.pool(browser);
    int chosen = -1;
    double greatest = -1;
    for (int g = 0; g < board.groups(); g++) {
      int variant = times.variant(g, pool);
      if (!board.startable(g)
          || variant < 0
          || prices.left(g, pool) <= 0
          || !board.fits(browser, variant)) {
        continue;
      }
      double load = board.resident(browser, variant) ? 0 : times.loadSeconds(g, pool);
      double age = board.nowSeconds() - board.arrivalSeconds(board.oldest(g));
      double key = age / (prices.bestSeconds(g) + load);
      if (key > greatest) {
        greatest = key;
        chosen = g;
      }
    }
    return chosen;
  }

  /** Goes on from where another stopped. */
  void inherit(VirtualSchedule former) {
    theta = former.theta;
  }

  /** The age from which a waiting task is late, in seconds. */
  double lateAfterSeconds() {
    return PENALTY * theta;
  }

  /** What the queue makes of the price of a second: grows with what waits. */
  double queueWeight() {
    double waiting = board.waiting();
    return tuning.queuePrice() * waiting * waiting / Math.max(1, waiting + slots.usable());
  }
}
