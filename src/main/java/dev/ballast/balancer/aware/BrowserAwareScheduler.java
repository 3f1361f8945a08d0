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
  private final HopefulTimes hopeful;
  private final Moves moves;
  private final Tuning tuning;
  private final SlotTable slots;
  private final Prices prices;
  private final ArrivalRates rates;
  private final TokenRule tokens;
  private final SlotPlan plan;
  private final VirtualSchedule open;
  private final ReadyIndex index;
  private final Holders holders;

  private boolean openTraffic;
  private boolean planning;
  private boolean stale = true;
  private int sinceSolved;
  private int openDecisions;
  private double solvedBacklog;
  private long solvedVersion;

  public BrowserAwareScheduler(Board board, Times times, Moves moves, Tuning tuning) {
    this.board = board;
    hopeful = new HopefulTimes(times, tuning);
    this.times = hopeful;
    this.moves = moves;
    this.tuning = tuning;
    slots = new SlotTable(board);
    index = new ReadyIndex(board, slots);
    prices = new Prices(board, this.times);
    rates = new ArrivalRates(board);
    tokens = new TokenRule(board, this.times, slots, prices, tuning);
    plan = new SlotPlan(board, this.times, slots, tuning);
    holders = new Holders(board, prices, tuning);
    open =
        new VirtualSchedule(
            board, this.times, slots, index, prices, rates, holders, tuning, this::start);
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
    open.arrived(task);
  }

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    int slot = slots.release(task);
    index.changed(slot);
    open.ended(slot);
    if (planning) {
      plan.changed(slot);
    }
  }

  @Override
  public void lost(int browser) {
    slots.clear(browser);
    prices.fleetChanged();
    hopeful.possibilitiesChanged();
    open.forget();
    planning = false;
    stale = true;
  }

  @Override
  public void joined(int browser) {
    slots.refresh();
    index.refresh();
    prices.fleetChanged();
    hopeful.possibilitiesChanged();
    open.forget();
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

  /**
   * Goes on from where the scheduler of a former board of the same traffic stopped.
   *
   * @param groups the number here of each of its groups, or -1 for those that are no more
   */
  public void inherit(BrowserAwareScheduler former, int[] groups) {
    rates.inherit(former.rates, groups);
    open.inherit(former.open);
    openTraffic = former.openTraffic;
  }

  /**
   * Binds the task that would start next in that browser, if it has a place for it and the task is
   * shorter than that: no slot then waits for the message that it is free.
   */
  public void bindAhead(int browser, double belowSeconds) {
    int slot = firstReady(browser);
    int pool = board.pool(browser);
    if (slot < 0 || (!planning && !openTraffic && !prices.solved())) {
      return;
    }
    int group;
    if (openTraffic) {
      group = open.next(slot);
    } else if (planning && plan.covers(board.groups(), slots.size())) {
      group = plan.next(slot);
    } else {
      group = tokens.next(slot, running()[pool]);
      if (group < 0) {
        TokenRule.Start first = tokens.firstHere(new int[] {slot});
        group = first == null ? -1 : first.group();
      }
    }
    if (group < 0 || times.serviceSeconds(group, pool) >= belowSeconds) {
      return;
    }
    prices.take(group, pool);
    if (planning) {
      plan.taken(group, slot);
      plan.changed(slot);
    }
    moves.bind(board.oldest(group), browser);
    sinceSolved++;
  }

  private int firstReady(int browser) {
    int best = -1;
    for (int s = slots.first(browser); s < slots.first(browser) + board.slots(browser); s++) {
      if (best < 0 || slots.readySeconds(s, 0) < slots.readySeconds(best, 0)) {
        best = s;
      }
    }
    return best;
  }

  /** A browser that could take a task, and what speaks for and against it. */
  public interface Options {
    /**
     * The best of a group of alike browsers.
     *
     * @param waitSeconds until its first slot is free, and what being late costs; 0 where one is
     * @param price what a second there costs those that wait, in seconds
     * @param expectedRatio share of that price that is owed to work expected to arrive, 0–1
     */
    void option(int browser, double waitSeconds, double price, double expectedRatio);
  }

  /** The browsers worth comparing for a task of the group: of each pool the first ready ones. */
  public void options(int group, double arrivalSeconds, Options each) {
    double waitingTasks = Math.max(1, board.waiting());
    double expected = 0;
    for (int g = 0; g < board.groups(); g++) {
      expected += openTraffic ? rates.perSecond(g) * tuning.horizonSeconds() : 0;
    }
    double expectedRatio = expected / (expected + waitingTasks);
    double weight = open.queueWeight();
    for (int c = 0; c < board.pools(); c++) {
      int variant = times.variant(group, c);
      if (variant < 0) {
        continue;
      }
      double price = weight * prices.pool(c);
      int with = index.firstWith(c, variant);
      int any = index.first(c);
      if (with >= 0) {
        option(slots.browser(with), with, arrivalSeconds, price, expectedRatio, each);
      }
      if (any >= 0 && (with < 0 || slots.browser(any) != slots.browser(with))) {
        option(slots.browser(any), any, arrivalSeconds, price, expectedRatio, each);
      }
    }
  }

  /** The same for one browser. */
  public void option(int group, int browser, double arrivalSeconds, Options each) {
    int slot = firstReady(browser);
    if (slot >= 0 && times.variant(group, board.pool(browser)) >= 0) {
      option(
          browser,
          slot,
          arrivalSeconds,
          open.queueWeight() * prices.pool(board.pool(browser)),
          0,
          each);
    }
  }

  private void option(
      int browser, int slot, double arrival, double price, double expectedRatio, Options each) {
    double now = board.nowSeconds();
    double ready = Math.max(now, slots.readySeconds(slot, 0));
    double limit = arrival + open.lateAfterSeconds();
    double late = Math.max(0, ready - limit) - Math.max(0, now - limit);
    each.option(browser, ready - now + tuning.latePrice() * late, price, expectedRatio);
  }

  /** Standard errors by which an uncertain time of the group is believed to be shorter. */
  public double hope(int group) {
    return hopeful.hope(group);
  }

  /** What can run where has changed without any browser coming or going. */
  public void possibilitiesChanged() {
    prices.fleetChanged();
    hopeful.possibilitiesChanged();
    open.forget();
    planning = false;
    stale = true;
  }

  @Override
  public void decide() {
    hopeful.setCalm(board.waiting() <= slots.free());
    if (board.waiting() == 0) {
      return;
    }
    boolean newlyOpen = expectedLoad() > tuning.openRatio();
    if (newlyOpen != openTraffic) {
      openTraffic = newlyOpen;
      open.forget();
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
            && board.startable(g)
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
    if (stale || ++openDecisions >= Math.max(OPEN_DECISIONS, slots.usable() / 64)) {
      openDecisions = 0;
      double[] demand = new double[board.groups()];
      for (int g = 0; g < demand.length; g++) {
        demand[g] = board.waiting(g) + rates.perSecond(g) * tuning.horizonSeconds();
      }
      prices.solve(demand, new double[board.pools()], tuning.openEpsilon());
      holders.recount();
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
    if (!planning) {
      startFirstHere();
    }
  }

  /** What shares leave idle. */
  private void startFirstHere() {
    while (board.waiting() > 0 && slots.free() > 0) {
      TokenRule.Start first = tokens.firstHere(slots.freeSlots());
      if (first == null) {
        return;
      }
      start(board.oldest(first.group()), first.group(), first.slot());
    }
  }

  private boolean versionOutdated() {
    return times.version() != solvedVersion && sinceSolved >= slots.usable();
  }

  private void start(int task, int group, int slot) {
    int browser = slots.browser(slot);
    int variant = times.variant(group, board.pool(browser));
    prices.take(group, board.pool(browser));
    if (variant >= 0 && !board.resident(browser, variant)) {
      holders.added(browser, variant);
    }
    moves.start(task, browser);
    slots.occupySlot(task, slot);
    entered(task, slot);
    sinceSolved++;
  }

  private void entered(int task, int slot) {
    int browser = slots.browser(slot);
    index.changed(slot);
    index.loaded(browser, board.variant(task), slot);
    open.occupied(slot, task);
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
