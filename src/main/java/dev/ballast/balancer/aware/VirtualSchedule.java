package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;

/**
 * While tasks keep arriving: waiting tasks are put on slots one after the other as if they started
 * there, until every free slot knows its task. What would start now does, and then what gains by a
 * slot that is still idle, see {@link IdleSlots}.
 *
 * <pre>
 * cost(task, slot) = ready + e + Q·λ·e + latePrice · max(0, ready − arrival − 0.75·θ)
 *   e: service time, and load where the model is not resident; Q = queuePrice·W²/(W+S);
 *   a load that serves others, too, counts in part beside the price, see {@link Holders}
 * </pre>
 *
 * Slots of a pool differ only in when they are ready and in whether they have the model: two
 * candidates a pool are enough, beside the slots that this decision has touched.
 */
final class VirtualSchedule {
  private static final double OVERDUE = 0.15;
  private static final double FORGET = 1 - 1.0 / 2000;
  private static final double PENALTY = 0.75;

  // A schedule of many steps serves several decisions: fewer than would be due in 1/256 of a task.
  private static final int FEW_STEPS = 32;
  private static final int STEPS_EACH = 2;
  private static final int SLOTS_EACH = 256;
  private static final int STEPS_MORE = 4;

  private final Board board;
  private final Times times;
  private final SlotTable slots;
  private final ReadyIndex index;
  private final Prices prices;
  private final Tuning tuning;
  private final Starts starts;
  private double theta;

  private final Urgency urgency;
  private final VirtualLoads loads;
  private final TouchedSlots touched;
  private final IdleSlots idleSlots;
  private final Holders holders;

  /** Decisions that may still go on from the schedule as it is. */
  private int serves;

  private int[] freed = new int[16];
  private int freedCount;

  // The group that is looked at, by pool
  private int looked;
  private int pools;
  private int[] variant = new int[0];
  private double[] service = new double[0];
  private double[] loading = new double[0];
  private double[] price = new double[0];

  // The first slots of the pool that are not touched, with its model and at all, or -1
  private int[] with = new int[0];
  private int[] any = new int[0];

  private double queue;
  private double now;

  // The touched slot that is cheapest for it
  private int best;
  private double least;

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
      ArrivalRates rates,
      Holders holders,
      Tuning tuning,
      Starts starts) {
    this.board = board;
    this.times = times;
    this.slots = slots;
    this.index = index;
    this.prices = prices;
    this.tuning = tuning;
    this.starts = starts;
    this.holders = holders;
    urgency = new Urgency(board, prices);
    loads = new VirtualLoads(board);
    touched = new TouchedSlots(board, slots, index, loads);
    idleSlots = new IdleSlots(board, times, slots, prices, rates, tuning);
  }

  /** A task came to wait. */
  void arrived(int task) {
    double backlog = 0;
    for (int g = 0; g < board.groups(); g++) {
      backlog += board.waiting(g) * prices.group(g);
    }
    theta = Math.max(theta * FORGET, backlog);
    if (serves > 0) {
      if (board.attempts(task) > 0) {
        forget();
      } else {
        urgency.arrived(task);
      }
    }
  }

  /** The slot came free. */
  void ended(int ofSlot) {
    if (serves == 0) {
      return;
    }
    int number = touched.number(ofSlot);
    if (number >= 0) {
      touched.freed(number, board.nowSeconds());
    }
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, freedCount * 2);
    }
    freed[freedCount++] = ofSlot;
  }

  /** The slot runs the task. */
  void occupied(int ofSlot, int task) {
    int number = serves > 0 ? touched.number(ofSlot) : -1;
    if (number >= 0) {
      touched.started(number, task, board.expectedEndSeconds(task));
    }
  }

  /** The next decision begins anew: fleet, groups or possibilities are others. */
  void forget() {
    serves = 0;
    freedCount = 0;
    touched.clear();
  }

  void decide() {
    now = board.nowSeconds();
    queue = queueWeight();
    if (serves > 0 && urgency.current()) {
      goOn();
      serves--;
    } else {
      begin();
    }
    if (serves == 0) {
      forget();
    }
  }

  private void begin() {
    forget();
    loads.clear();
    urgency.begin();
    idleSlots.begin();
    holders.begin();
    // Slots that are touched from here on are followed.
    serves = 1;
    int free = slots.free();
    int steps = 0;
    while (free > 0 && steps < tuning.virtualSteps()) {
      int group = urgency.next(now, theta);
      if (group < 0) {
        break;
      }
      steps++;
      free -= place(urgency.take(group), group) ? 1 : 0;
    }
    if (free > 0 && urgency.next(now, theta) >= 0) {
      fallBack();
    }
    idleSlots.use(starts);
    serves = Math.min((steps - FEW_STEPS) / STEPS_EACH, slots.usable() / SLOTS_EACH);
    serves = Math.max(0, serves);
  }

  /** Fills slots that came free from what was put elsewhere, and looks at a few tasks more. */
  private void goOn() {
    for (int i = 0; i < freedCount; i++) {
      if (slots.free(freed[i])) {
        fill(freed[i]);
      }
    }
    freedCount = 0;
    int free = slots.free();
    for (int steps = 0; free > 0 && steps < STEPS_MORE; steps++) {
      int group = urgency.next(now, theta);
      if (group < 0) {
        break;
      }
      free -= place(urgency.take(group), group) ? 1 : 0;
    }
    idleSlots.use(starts);
  }

  /** With the first task of the slot's own plan, else with the most urgent that gains by it. */
  private void fill(int freeSlot) {
    int number = touched.number(freeSlot);
    int task = number >= 0 ? touched.firstPlanned(number) : Board.NONE;
    if (task == Board.NONE || !mayStart(board.group(task), freeSlot)) {
      task = Board.NONE;
      double greatest = Double.NEGATIVE_INFINITY;
      for (int g = 0; g < board.groups(); g++) {
        int oldest = board.oldest(g);
        if (oldest != Board.NONE && touched.planned(oldest) && mayStart(g, freeSlot)) {
          double key = urgency.key(oldest, now, theta);
          if (key > greatest && gains(oldest, g, freeSlot)) {
            greatest = key;
            task = oldest;
          }
        }
      }
    }
    if (task != Board.NONE) {
      starts.start(task, board.group(task), freeSlot);
    }
  }

  private boolean mayStart(int group, int freeSlot) {
    int browser = slots.browser(freeSlot);
    int ofVariant = times.variant(group, board.pool(browser));
    return ofVariant >= 0 && board.startable(group) && board.fits(browser, ofVariant);
  }

  /** Whether it is cheaper there than where it was put. */
  private boolean gains(int task, int group, int freeSlot) {
    look(group);
    int browser = slots.browser(freeSlot);
    double limit = board.arrivalSeconds(task) + PENALTY * theta;
    return cost(browser, board.pool(browser), now, limit) < touched.cost(task);
  }

  private void look(int group) {
    looked = group;
    pools = board.pools();
    if (variant.length < pools) {
      variant = new int[pools];
      service = new double[pools];
      loading = new double[pools];
      price = new double[pools];
      with = new int[pools];
      any = new int[pools];
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
        with[c] = uncovered(c, true);
        any[c] = uncovered(c, false);
      }
    }
    best = -1;
    least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < touched.idleCount(); i++) {
      int number = touched.idleNumber(i);
      int browser = slots.browser(touched.slot(number));
      int pool = board.pool(browser);
      if (variant[pool] >= 0 && board.fits(browser, variant[pool])) {
        consider(number, now, limit);
      }
    }
    for (int c = 0; c < pools; c++) {
      if (variant[c] >= 0) {
        consider(touched.firstWith(c, variant[c]), limit);
        consider(touched.first(c), limit);
      }
    }
    int chosen = best;
    int untouched = -1;
    for (int c = 0; c < pools; c++) {
      if (variant[c] < 0) {
        continue;
      }
      for (int candidate : new int[] {with[c], any[c]}) {
        if (candidate >= 0) {
          double at = Math.max(now, index.readySeconds(candidate));
          double cost = cost(slots.browser(candidate), c, at, limit);
          if (cost < least) {
            least = cost;
            untouched = candidate;
          }
        }
      }
    }
    if (untouched >= 0) {
      chosen = touched.touch(untouched, Math.max(now, index.readySeconds(untouched)));
    }
    if (chosen < 0) {
      return false;
    }
    int browser = slots.browser(touched.slot(chosen));
    if (touched.idle(chosen)) {
      starts.start(task, group, touched.slot(chosen));
      return true;
    }
    int pool = board.pool(browser);
    double seconds = seconds(browser, pool);
    if (!loads.resident(browser, variant[pool])) {
      loads.add(browser, variant[pool]);
      holders.planned(browser, variant[pool]);
      touched.loaded(browser, variant[pool]);
    }
    idleSlots.planned(task, touched.readySeconds(chosen) + seconds, prices.pool(pool) * seconds);
    touched.plan(chosen, task, seconds, least);
    return false;
  }

  private void consider(int number, double limit) {
    if (number >= 0) {
      consider(number, touched.readySeconds(number), limit);
    }
  }

  private void consider(int number, double readySeconds, double limit) {
    int browser = slots.browser(touched.slot(number));
    double cost = cost(browser, board.pool(browser), readySeconds, limit);
    if (cost < least || (cost == least && best >= 0 && touched.slot(number) < touched.slot(best))) {
      least = cost;
      best = number;
    }
  }

  /**
   * What stands first in the pool, as what it is: slots that are overdue are expected anew, and
   * free ones whose memory is in use are touched, for other groups.
   */
  private int uncovered(int pool, boolean withModel) {
    while (true) {
      int first = withModel ? index.firstWith(pool, variant[pool]) : index.first(pool);
      if (first < 0) {
        return first;
      }
      boolean free = slots.task(first) == Board.NONE;
      if (!free && index.readySeconds(first) <= now) {
        index.postpone(first, Math.nextUp(slots.readySeconds(first, OVERDUE)));
      } else if (free && !board.fits(slots.browser(first), variant[pool])) {
        touched.touch(first, now);
      } else {
        return first;
      }
    }
  }

  private double cost(int browser, int pool, double readySeconds, double limit) {
    double e = seconds(browser, pool);
    double load = e - service[pool];
    double counted =
        load > 0 ? load * holders.loadShare(looked, browser, variant[pool], service[pool]) : load;
    return readySeconds
        + service[pool]
        + counted
        + queue * price[pool] * e
        + tuning.latePrice() * Math.max(0, readySeconds - limit);
  }

  private double seconds(int browser, int pool) {
    return service[pool] + (loads.resident(browser, variant[pool]) ? 0 : loading[pool]);
  }

  /** Many tasks want slots that are busy: free ones take what has a share of them. */
  private void fallBack() {
    for (int s : slots.freeSlots(this::hasShare)) {
      int chosen = next(s);
      if (chosen >= 0) {
        urgency.leaves(board.oldest(chosen));
        starts.start(board.oldest(chosen), chosen, s);
      }
    }
  }

  private boolean hasShare(int pool) {
    for (int g = 0; g < board.groups(); g++) {
      if (board.startable(g) && prices.left(g, pool) > 0 && times.variant(g, pool) >= 0) {
        return true;
      }
    }
    return false;
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
