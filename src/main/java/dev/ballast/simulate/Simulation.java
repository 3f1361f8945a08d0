package dev.ballast.simulate;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Estimator;
import dev.ballast.balancer.schedule.LiveBoard;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.StealingMoves;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Chance;
import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.SimulatedModel;
import dev.ballast.simulate.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of one policy on one instance: the world (what really happens, and when) beside the board
 * (what the controller believes). Time jumps from event to event.
 */
public final class Simulation implements StealingMoves {
  private static final long NOISE = 0x6E6F_6973_65L;
  private static final long FAILURE = 0x6661_696CL;

  // What an event is; in the top bits of its number, so that the queue needs no objects.
  private static final int REPORT = 0;
  private static final int LOSS = 1;
  private static final int NOTICE = 2;
  private static final int RETURN = 3;
  private static final int SLOWER = 4;
  private static final int FASTER = 5;
  private static final int WAKE = 6;
  private static final int RELEASE = 7;

  private final Workload workload;
  private final Conditions conditions;
  private final Truth truth;
  private final LiveBoard board = new LiveBoard();
  private final Estimator times;
  private final Scheduler scheduler;
  private final EventQueue events = new EventQueue();
  private final RunLog log;
  private final Stopwatch stopwatch;
  private final @Nullable Elastic elastic;

  /** Browsers that vanished: nothing they run will end. */
  private final boolean[] dead;

  private final boolean[] noticed;
  private final double[] vanishedAt;
  private final double[] slowness;
  private final List<Disruption.Slowdown> slowdowns = new ArrayList<>();
  private final int[] variants;
  private final double[] factors;
  private final int[] serial;
  private final int[] failures;
  private final Ghosts ghosts;
  private final Recoveries recoveries;
  private double memoryMiB;
  private int arrived;
  private double wakeAt = Double.POSITIVE_INFINITY;

  private Simulation(
      Workload workload,
      Conditions conditions,
      Scheduler.Factory policy,
      Stopwatch stopwatch,
      @Nullable FleetSize size) {
    this.workload = workload;
    this.conditions = conditions;
    this.stopwatch = stopwatch;
    this.truth = new Truth(workload);
    for (int of = 0; of < workload.models().size(); of++) {
      SimulatedModel model = workload.models().get(of);
      board.addGroup(new LiveBoard.Group(of, model.name(), model.family()));
      for (int on = 0; on < truth.backends().size(); on++) {
        board.addVariant(model.memoryMiB());
      }
    }
    for (BrowserClass browsers : workload.browsers()) {
      int pool = board.addPool(browsers.kind());
      for (int i = 0; i < browsers.count(); i++) {
        board.addBrowser(
            pool, browsers.name() + "-" + (i + 1), browsers.slots(), browsers.memoryMiB());
      }
    }
    int tasks = workload.arrivals().size();
    log = new RunLog(tasks, board.browsers());
    dead = new boolean[board.browsers()];
    noticed = new boolean[board.browsers()];
    vanishedAt = new double[board.browsers()];
    slowness = new double[board.pools()];
    Arrays.fill(slowness, 1);
    variants = new int[tasks];
    factors = new double[tasks];
    serial = new int[tasks];
    failures = new int[tasks];
    ghosts = new Ghosts(board.browsers(), tasks);
    recoveries = new Recoveries(tasks);
    elastic = size == null ? null : new Elastic(size, board);
    times =
        conditions.knownTimes() ? new KnownTimes(truth) : new LearnedTimes(truth, board.tries());
    scheduler =
        policy.create(
            board, times, this, Chance.of(conditions.seed(), conditions.replication()).next());
    for (int i = 0; i < workload.disruptions().size(); i++) {
      Disruption disruption = workload.disruptions().get(i);
      switch (disruption) {
        case Disruption.WorkerLost _ -> at(disruption.atSeconds(), LOSS, i, 0);
        case Disruption.Slowdown slowdown -> {
          at(disruption.atSeconds(), SLOWER, i, 0);
          at(disruption.atSeconds() + slowdown.forSeconds(), FASTER, i, 0);
        }
        case Disruption.Release _ -> at(disruption.atSeconds(), RELEASE, i, 0);
      }
    }
  }

  /** Runs it to the end. */
  public static RunLog run(Workload workload, Conditions conditions, Scheduler.Factory policy) {
    return run(workload, conditions, policy, Stopwatch.STOPPED, () -> false);
  }

  /**
   * Runs it to the end.
   *
   * @param stopwatch measures what decisions cost
   * @param stopped asked often
   * @throws CancellationException once {@code stopped} says so
   */
  public static RunLog run(
      Workload workload,
      Conditions conditions,
      Scheduler.Factory policy,
      Stopwatch stopwatch,
      BooleanSupplier stopped) {
    Simulation simulation = new Simulation(workload, conditions, policy, stopwatch, null);
    simulation.runAll(stopped);
    return simulation.log;
  }

  /** The same with a fleet whose size changes; the workload's is the most that it can have. */
  public static RunLog run(
      Workload workload, Conditions conditions, Scheduler.Factory policy, FleetSize size) {
    Simulation simulation = new Simulation(workload, conditions, policy, Stopwatch.STOPPED, size);
    simulation.runAll(() -> false);
    return simulation.log;
  }

  private void runAll(BooleanSupplier stopped) {
    int tasks = workload.arrivals().size();
    int open = tasks;
    int instants = 0;
    while (open > 0) {
      if ((++instants & 0xFF) == 0 && stopped.getAsBoolean()) {
        throw new CancellationException("stopped at %s s".formatted(board.nowSeconds()));
      }
      double next = events.firstSeconds();
      if (arrived < tasks) {
        next = Math.min(next, workload.arrivals().seconds(arrived));
      }
      if (elastic != null) {
        next = Math.min(next, elastic.nextSeconds());
      }
      if (next == Double.POSITIVE_INFINITY) {
        throw new IllegalStateException(
            "%d tasks wait, and the policy starts none although nothing runs".formatted(open));
      }
      board.moveTo(next);
      while (arrived < tasks && workload.arrivals().seconds(arrived) <= next) {
        open -= arrive() ? 0 : 1;
      }
      while (events.firstSeconds() <= next) {
        open -= happen(events.removeFirst());
      }
      if (elastic != null) {
        elastic.act(scheduler);
      }
      decide();
    }
    finishPresence();
  }

  private void decide() {
    long before = stopwatch.nanos();
    scheduler.decide();
    log.decisionNanos += stopwatch.nanos() - before;
    double wake = scheduler.wakeAtSeconds();
    if (wake < wakeAt && wake > board.nowSeconds()) {
      wakeAt = wake;
      at(wake, WAKE, 0, 0);
    }
  }

  private boolean arrive() {
    int model = workload.arrivals().model(arrived);
    int task = board.addTask(model, workload.arrivals().seconds(arrived));
    arrived++;
    if (elastic != null) {
      elastic.arrived();
    }
    if (!truth.placeable(model)) {
      log.end[task] = RunLog.End.UNPLACEABLE;
      return false;
    }
    board.await(task);
    scheduler.arrived(task);
    return true;
  }

  /** Returns how many tasks came to their end. */
  private int happen(long event) {
    int id = (int) event;
    int detail = (int) (event >>> 32) & 0x0FFF_FFFF;
    switch ((int) (event >>> 60)) {
      case REPORT -> {
        return serial[id] == detail ? report(id) : 0;
      }
      case LOSS -> lose((Disruption.WorkerLost) workload.disruptions().get(id));
      case NOTICE -> {
        if (dead[id] && !noticed[id]) {
          notice(id);
        }
      }
      case RETURN -> comeBack(id);
      case SLOWER -> slow((Disruption.Slowdown) workload.disruptions().get(id), true);
      case FASTER -> slow((Disruption.Slowdown) workload.disruptions().get(id), false);
      case RELEASE -> truth.release((Disruption.Release) workload.disruptions().get(id));
      case WAKE -> wakeAt = Double.POSITIVE_INFINITY;
      default -> throw new IllegalStateException("event " + event);
    }
    return 0;
  }

  private int report(int task) {
    int at = board.browser(task);
    int group = board.group(task);
    int pool = board.pool(at);
    double seconds = log.ended[task] - log.started[task];
    boolean succeeded = !fails(task, group);
    int variant = variants[task];
    double load = log.loaded[task] ? truth.loadSeconds(group, pool) * factors[task] : Double.NaN;
    double service = log.loaded[task] ? seconds - load : seconds;
    log.busySeconds[at] += seconds;
    if (elastic != null) {
      elastic.served(pool, seconds);
    }
    times.learn(group, pool, variant, succeeded, service, load);
    int ended = 0;
    boolean again = false;
    if (succeeded) {
      board.finish(task);
      log.accepted[task]++;
      log.end[task] = RunLog.End.COMPLETED;
      ended = 1;
    } else if (failures[task]++ < conditions.retries()) {
      board.retry(task);
      again = true;
    } else {
      board.finish(task);
      log.end[task] = RunLog.End.FAILED;
      ended = 1;
    }
    serial[task]++;
    scheduler.ended(task, at, succeeded, seconds);
    if (again) {
      scheduler.arrived(task);
    }
    startBound(at);
    return ended;
  }

  /** Fills free slots from the browser's own queue; ghosts of what was stolen from it take part. */
  private void startBound(int at) {
    while (board.freeSlots(at) > 0) {
      int task = board.firstBound(at);
      while (task != Board.NONE
          && !board.fits(at, times.variant(board.group(task), board.pool(at)))) {
        task = board.nextBound(task);
      }
      ghosts.slotFree(at, task);
      if (task == Board.NONE) {
        return;
      }
      start(task, at);
      scheduler.started(task, at);
    }
  }

  private boolean fails(int task, int group) {
    double ratio = workload.models().get(group).failureRatio();
    return ratio > 0
        && Chance.of(FAILURE, conditions.seed(), conditions.replication(), task, failures[task])
                .uniform()
            < ratio;
  }

  // Disruptions

  private void lose(Disruption.WorkerLost loss) {
    int left = loss.count();
    for (int at = 0; at < board.browsers() && left > 0; at++) {
      if (board.pool(at) == loss.browserClass() && !dead[at]) {
        dead[at] = true;
        noticed[at] = false;
        vanishedAt[at] = board.nowSeconds();
        left--;
        for (int i = 0; i < board.running(at); i++) {
          int task = board.runningTask(at, i);
          if (log.ended[task] > board.nowSeconds()) {
            serial[task]++;
            log.busySeconds[at] += Math.max(0, board.nowSeconds() - log.started[task]);
          }
        }
        recoveries.lost(board, at);
        at(board.nowSeconds() + conditions.detectionSeconds(), NOTICE, at, 0);
        at(board.nowSeconds() + loss.forSeconds(), RETURN, at, 0);
      }
    }
  }

  private void notice(int at) {
    noticed[at] = true;
    memoryMiB -= board.residentMiB(at);
    int[] again = new int[board.running(at) + board.bound(at)];
    int count = 0;
    while (board.running(at) > 0) {
      int task = board.runningTask(at, 0);
      serial[task]++;
      board.retry(task);
      again[count++] = task;
    }
    while (board.bound(at) > 0) {
      int task = board.firstBound(at);
      board.retry(task);
      again[count++] = task;
    }
    board.lose(at);
    ghosts.forget(at);
    Arrays.sort(again);
    for (int task : again) {
      scheduler.arrived(task);
    }
    scheduler.lost(at);
  }

  private void comeBack(int at) {
    if (!noticed[at]) {
      notice(at);
    }
    dead[at] = false;
    log.presentSeconds[at] -= board.nowSeconds() - vanishedAt[at];
    board.comeBack(at);
    scheduler.joined(at);
  }

  private void slow(Disruption.Slowdown slowdown, boolean begins) {
    if (begins) {
      slowdowns.add(slowdown);
    } else {
      slowdowns.remove(slowdown);
    }
    int pool = slowdown.browserClass();
    slowness[pool] = 1;
    for (Disruption.Slowdown active : slowdowns) {
      if (active.browserClass() == pool) {
        slowness[pool] *= active.factor();
      }
    }
  }

  private void finishPresence() {
    for (int at = 0; at < board.browsers(); at++) {
      double until = dead[at] ? vanishedAt[at] : board.nowSeconds();
      log.presentSeconds[at] += until;
    }
    log.workerSeconds = elastic == null ? Double.NaN : elastic.workerSeconds();
    log.recoverySeconds = recoveries.sumSeconds();
    log.recoveries = recoveries.count();
    log.unnecessarySteals = ghosts.unnecessary();
  }

  // Moves

  @Override
  public void start(int task, int browser) {
    int group = board.group(task);
    int pool = board.pool(browser);
    int variant = times.variant(group, pool);
    if (variant < 0) {
      throw new IllegalArgumentException(
          "task %d of %s can never run on %s"
              .formatted(task, board.modelName(group), board.browserName(browser)));
    }
    double now = board.nowSeconds();
    double memoryBefore = board.residentMiB(browser);
    double expected =
        now
            + times.serviceSeconds(group, pool)
            + (board.resident(browser, variant) ? 0 : times.loadSeconds(group, pool));
    boolean load = board.start(task, browser, variant, expected);
    log.decisions++;
    if (elastic != null) {
      elastic.started(pool);
    }
    ghosts.started(task, now);
    if (!dead[browser]) {
      recoveries.started(task, now);
    }
    if (load) {
      log.modelLoads++;
    }
    memoryMiB += board.residentMiB(browser) - memoryBefore;
    log.peakMemoryMiB = Math.max(log.peakMemoryMiB, memoryMiB);
    variants[task] = variant;
    factors[task] = slowness[pool];
    double begin = now + conditions.decisionSeconds();
    double service = truth.serviceSeconds(group, pool, truth.backend(variant)) * noise(task, group);
    double seconds = slowness[pool] * (service + (load ? truth.loadSeconds(group, pool) : 0));
    log.loaded[task] = load;
    log.browser[task] = browser;
    log.backend[task] = truth.backends().get(truth.backend(variant));
    log.started[task] = begin;
    log.ended[task] = begin + seconds;
    if (!dead[browser]) {
      at(begin + seconds + conditions.reportSeconds(), REPORT, task, serial[task]);
    }
  }

  private double noise(int task, int group) {
    double variation = workload.models().get(group).variation();
    return variation == 0
        ? 1
        : Chance.of(NOISE, conditions.seed(), conditions.replication(), task, failures[task])
            .logNormal(variation);
  }

  @Override
  public void bind(int task, int browser) {
    board.bind(task, browser);
    ghosts.bound(task, browser);
    if (board.freeSlots(browser) > 0) {
      startBound(browser);
    }
  }

  @Override
  public void steal(int task, int browser) {
    ghosts.stolen(task, board.browser(task));
    log.steals++;
    board.bind(task, browser);
    ghosts.bound(task, browser);
    if (board.freeSlots(browser) > 0) {
      startBound(browser);
    }
  }

  private void at(double seconds, int kind, int id, int detail) {
    events.add(seconds, ((long) kind << 60) | ((long) (detail & 0x0FFF_FFFF) << 32) | id);
  }
}
