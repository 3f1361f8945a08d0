package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;

/**
 * Slots that the virtual schedule leaves idle because each task, for itself, would rather wait for
 * a faster one. What a task would take from the faster pool delays everyone behind it, now and
 * until the backlog is gone; an idle slot costs nobody anything. So the task goes to the idle one
 * when that gains, in seconds over all tasks,
 *
 * <pre>
 * N · (λ'·e' − ψ·λ·e) &gt; end here − end there
 *   N = idleValue · W / (1 − ρ)              tasks that a second of the fleet delays
 *   ψ = max(idleShare, W / (W + S))          how likely another would have used the slot
 *   λ'·e' what it takes there, λ·e here; ρ the load that keeps arriving
 * </pre>
 */
final class IdleSlots {
  /** A load near 1 says that a backlog stays long, not for ever. */
  private static final double MOST_LOAD = 0.95;

  /** Free browsers of a pool that are looked at for one that has the model. */
  private static final int LOOKS = 16;

  private final Board board;
  private final Times times;
  private final SlotTable slots;
  private final Prices prices;
  private final ArrivalRates rates;
  private final Tuning tuning;

  // By task: when it would end where it was put, and what it takes from others there
  private double[] end = new double[0];
  private double[] worth = new double[0];
  private int[] plannedIn = new int[0];
  private int schedule;

  // The best move found
  private int group;
  private int browser;
  private double gain;

  IdleSlots(
      Board board, Times times, SlotTable slots, Prices prices, ArrivalRates rates, Tuning tuning) {
    this.board = board;
    this.times = times;
    this.slots = slots;
    this.prices = prices;
    this.rates = rates;
    this.tuning = tuning;
  }

  /** A schedule begins: nothing is planned. */
  void begin() {
    schedule++;
  }

  /**
   * A task was put behind others.
   *
   * @param endSeconds when it would end there
   * @param worthSeconds the price of the time it takes there
   */
  void planned(int task, double endSeconds, double worthSeconds) {
    if (task >= end.length) {
      end = Arrays.copyOf(end, Math.max(64, task * 2));
      worth = Arrays.copyOf(worth, end.length);
      plannedIn = Arrays.copyOf(plannedIn, end.length);
    }
    end[task] = endSeconds;
    worth[task] = worthSeconds;
    plannedIn[task] = schedule;
  }

  /** Starts what gains by an idle slot, the greatest gain first. */
  void use(VirtualSchedule.Starts starts) {
    double load = Math.min(MOST_LOAD, load());
    while (board.waiting() > 0 && slots.free() > 0) {
      double waiting = board.waiting();
      double delayed = tuning.idleValue() * waiting / (1 - load);
      double share = Math.max(tuning.idleShare(), waiting / (waiting + slots.usable()));
      gain = 0;
      group = -1;
      for (int g = 0; g < board.groups(); g++) {
        int task = board.oldest(g);
        if (task != Board.NONE
            && board.startable(g)
            && task < plannedIn.length
            && plannedIn[task] == schedule) {
          consider(g, task, delayed, share);
        }
      }
      if (group < 0) {
        return;
      }
      starts.start(board.oldest(group), group, freeSlot(browser));
    }
  }

  private void consider(int ofGroup, int task, double delayed, double share) {
    for (int c = 0; c < board.pools(); c++) {
      int variant = times.variant(ofGroup, c);
      if (variant < 0 || board.freeBrowsers(c) == 0) {
        continue;
      }
      double service = times.serviceSeconds(ofGroup, c);
      if (gain(task, c, service, delayed, share) <= gain) {
        continue;
      }
      int at = freeBrowser(c, variant);
      if (at == Board.NONE) {
        continue;
      }
      double load = board.resident(at, variant) ? 0 : times.loadSeconds(ofGroup, c);
      double gained = gain(task, c, service + load, delayed, share);
      if (gained > gain) {
        gain = gained;
        group = ofGroup;
        browser = at;
      }
    }
  }

  private double gain(int task, int pool, double seconds, double delayed, double share) {
    return delayed * (worth[task] - share * prices.pool(pool) * seconds)
        - (board.nowSeconds() + seconds - end[task]);
  }

  /** A free browser that has the variant if one is near, else one that has room, or none. */
  private int freeBrowser(int pool, int variant) {
    int found = Board.NONE;
    int free = board.freeBrowsers(pool);
    for (int i = 0; i < free && (found == Board.NONE || i < LOOKS); i++) {
      int at = board.freeBrowser(pool, i);
      if (board.fits(at, variant)) {
        if (board.resident(at, variant)) {
          return at;
        }
        if (found == Board.NONE
            || (!board.fitsBeside(found, variant) && board.fitsBeside(at, variant))) {
          found = at;
        }
      }
    }
    return found;
  }

  private int freeSlot(int ofBrowser) {
    int slot = slots.first(ofBrowser);
    while (!slots.free(slot)) {
      slot++;
    }
    return slot;
  }

  /** Work that keeps arriving ÷ what the fleet can do at best, by the programme's prices. */
  private double load() {
    double sum = 0;
    for (int g = 0; g < board.groups(); g++) {
      sum += rates.perSecond(g) * prices.group(g);
    }
    return sum / (1 + tuning.openEpsilon());
  }
}
