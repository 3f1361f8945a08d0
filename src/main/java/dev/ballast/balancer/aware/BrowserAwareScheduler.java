package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Policy;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.Times;

/**
 * The browser-aware rule. One linear programme says where each kind of work belongs and what a
 * second of each pool is worth. With nothing more to come, its shares are handed out and the rest
 * is planned slot by slot ({@link TokenRule}, {@link SlotPlan}); while tasks keep arriving, its
 * prices steer a virtual schedule ({@link VirtualSchedule}). The switch is one number: the share of
 * the fleet's capacity that is expected to arrive.
 */
public final class BrowserAwareScheduler implements Scheduler {
  /** The rule by its name, with the constants of {@link Tuning#DEFAULTS}. */
  public static final Policy POLICY =
      new Policy(
          "browser-aware",
          "docs/balancing.md",
          (board, times, moves, _) ->
              new BrowserAwareScheduler(board, times, moves, Tuning.DEFAULTS));

  private static final int OPEN_DECISIONS = 30;

  private final Board board;
  private final Times times;
  private final Moves moves;
  private final Tuning tuning;
  private final SlotTable slots;
  private final Prices prices;
  private final ArrivalRates rates;
  private final TokenRule tokens;
  private final SlotPlan plan;
  private final VirtualSchedule open;
  private final ReadyIndex index;

  private boolean openTraffic;
  private boolean planning;
  private boolean stale = true;
  private int sinceSolved;
  private int openDecisions;
  private double solvedBacklog;
  private long solvedVersion;

  public BrowserAwareScheduler(Board board, Times times, Moves moves, Tuning tuning) {
    this.board = board;
    this.times = tuning.optimism() > 0 ? new HopefulTimes(times, tuning.optimism()) : times;
    this.moves = moves;
    this.tuning = tuning;
    slots = new SlotTable(board);
    index = new ReadyIndex(board, slots);
    prices = new Prices(board, this.times);
    rates = new ArrivalRates(board);
    tokens = new TokenRule(board, this.times, slots, prices, tuning);
    plan = new SlotPlan(board, this.times, slots, tuning);
    open = new VirtualSchedule(board, this.times, slots, index, prices, tuning, this::start);
  }

  @Override
  public void arrived(int task) {
    int group = board.group(task);
    if (board.attempts(task) == 0) {
      rates.arrived(group);
    }
    if (!openTraffic) {
      if (planning && plan.covers(board.groups(), slots.size())) {
        plan.add(group, -1);
      } else {
        stale = true;
      }
    }
    open.arrived();
  }

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    int slot = slots.release(task);
    index.changed(slot);
    if (planning) {
      plan.changed(slot);
    }
  }

  @Override
  public void lost(int browser) {
    slots.clear(browser);
    prices.fleetChanged();
    planning = false;
    stale = true;
  }

  @Override
  public void joined(int browser) {
    slots.refresh();
    index.refresh();
    prices.fleetChanged();
    for (int s = slots.first(browser); s < slots.first(browser) + board.slots(browser); s++) {
      index.changed(s);
    }
    planning = false;
    stale = true;
  }

  @Override
  public void started(int task, int browser) {
    entered(task, slots.occupy(task, browser));
  }

  @Override
  public void decide() {
    if (board.waiting() == 0) {
      return;
    }
    boolean newlyOpen = expectedLoad() > tuning.openRatio();
    if (newlyOpen != openTraffic) {
      openTraffic = newlyOpen;
      planning = false;
      stale = true;
    }
    if (openTraffic) {
      decideOpen();
    } else {
      decideBatch();
    }
    if (slots.occupied() == 0 && board.waiting() > 0) {
      startAnything();
    }
  }

  /** An empty fleet never waits, whatever a plan says. */
  private void startAnything() {
    int bestGroup = -1;
    int bestSlot = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int s = 0; s < slots.size(); s++) {
      int browser = slots.browser(s);
      int pool = board.pool(browser);
      for (int g = 0; g < board.groups(); g++) {
        int variant = times.variant(g, pool);
        if (slots.free(s)
            && board.waiting(g) > 0
            && variant >= 0
            && board.fits(browser, variant)
            && times.serviceSeconds(g, pool) < least) {
          least = times.serviceSeconds(g, pool);
          bestGroup = g;
          bestSlot = s;
        }
      }
    }
    if (bestGroup >= 0) {
      start(board.oldest(bestGroup), bestGroup, bestSlot);
      stale = true;
      planning = false;
    }
  }

  /** Share of the fleet's capacity that keeps arriving, 0 when nothing is expected. */
  private double expectedLoad() {
    double load = 0;
    double all = 0;
    for (int c = 0; c < board.pools(); c++) {
      all += board.poolSlots(c);
    }
    for (int g = 0; g < board.groups(); g++) {
      double rate = rates.perSecond(g);
      if (rate > 0) {
        double best = prices.bestSeconds(g);
        load += best < Double.POSITIVE_INFINITY ? rate * best / Math.max(1, all) : 0;
      }
    }
    return load;
  }

  private void decideOpen() {
    if (stale || ++openDecisions >= OPEN_DECISIONS) {
      openDecisions = 0;
      double[] demand = new double[board.groups()];
      for (int g = 0; g < demand.length; g++) {
        demand[g] = board.waiting(g) + rates.perSecond(g) * tuning.horizonSeconds();
      }
      prices.solve(demand, new double[board.pools()], tuning.openEpsilon());
      sinceSolved = 0;
      stale = false;
    }
    open.decide();
  }

  private void decideBatch() {
    if (planning && !plan.covers(board.groups(), slots.size())) {
      planning = false;
      stale = true;
    }
    if (!planning) {
      if (stale || sinceSolved >= tuning.resolveRatio() * solvedBacklog || versionOutdated()) {
        solveBacklog();
      }
      if (endGame()) {
        solveBacklog();
        plan.build(prices);
        planning = true;
      }
    }
    if (planning) {
      plan.improve();
    }
    int[][] running = planning ? new int[0][] : running();
    for (int s : slots.freeSlots()) {
      int pool = board.pool(slots.browser(s));
      int group = planning ? plan.next(s) : tokens.next(s, running[pool]);
      if (group >= 0) {
        start(board.oldest(group), group, s);
        if (planning) {
          plan.taken(group, s);
          plan.changed(s);
        } else {
          running[pool][group]++;
        }
      }
    }
  }

  private boolean versionOutdated() {
    return times.version() != solvedVersion && sinceSolved >= slots.usable();
  }

  private void start(int task, int group, int slot) {
    int browser = slots.browser(slot);
    prices.take(group, board.pool(browser));
    moves.start(task, browser);
    slots.occupySlot(task, slot);
    entered(task, slot);
    sinceSolved++;
  }

  private void entered(int task, int slot) {
    int browser = slots.browser(slot);
    index.changed(slot);
    index.loaded(browser, times.variant(board.group(task), board.pool(browser)), slot);
  }

  private void solveBacklog() {
    double[] demand = new double[board.groups()];
    for (int g = 0; g < demand.length; g++) {
      demand[g] = board.waiting(g);
    }
    double[] busy = new double[board.pools()];
    for (int s = 0; s < slots.size(); s++) {
      if (slots.task(s) != Board.NONE) {
        busy[board.pool(slots.browser(s))] += slots.readySeconds(s, 0) - board.nowSeconds();
      }
    }
    prices.solve(demand, busy, tuning.batchEpsilon());
    solvedBacklog = board.waiting();
    solvedVersion = times.version();
    sinceSolved = 0;
    stale = false;
  }

  private boolean endGame() {
    if (board.waiting() <= tuning.planTasksPerSlot() * slots.usable()) {
      return true;
    }
    double longest = 0;
    for (int g = 0; g < board.groups(); g++) {
      double best = board.waiting(g) > 0 ? prices.bestSeconds(g) : 0;
      longest = best < Double.POSITIVE_INFINITY ? Math.max(longest, best) : longest;
    }
    return prices.endSeconds() <= tuning.planLongest() * longest;
  }

  /** Slots by pool and group that run a task of it. */
  private int[][] running() {
    int[][] running = new int[board.pools()][board.groups()];
    for (int s = 0; s < slots.size(); s++) {
      int task = slots.task(s);
      if (task != Board.NONE) {
        running[board.pool(slots.browser(s))][board.group(task)]++;
      }
    }
    return running;
  }
}
