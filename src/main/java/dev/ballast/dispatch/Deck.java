package dev.ballast.dispatch;

import dev.ballast.balancer.PlacementSettings;
import dev.ballast.balancer.PoolTimes;
import dev.ballast.balancer.Profiles;
import dev.ballast.balancer.aware.BrowserAwareScheduler;
import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.LiveBoard;
import dev.ballast.model.BrowserMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One building of the balancer's board, with all that has a number on it, and what happens there. A
 * change in who is there builds another one.
 */
final class Deck {
  final LiveBoard board = new LiveBoard();
  final PoolTimes times;
  final Tokens tokens;
  final Groups groups;
  final Berths berths;
  private final Instant origin;
  private @Nullable BrowserAwareScheduler rule;

  /**
   * @param number another one than that of every deck before
   * @param origin second 0 of the board
   * @param capMiB a model that needs more is taken to need as much
   */
  Deck(
      long number,
      Instant origin,
      Profiles profiles,
      PlacementSettings settings,
      Breakers breakers,
      DoubleSupplier capMiB) {
    this.origin = origin;
    times =
        new PoolTimes(
            profiles,
            settings,
            board.tries(),
            sizeMiB -> board.addVariant(Math.min(capMiB.getAsDouble(), sizeMiB)));
    tokens = new Tokens(board);
    groups = new Groups(number, board, times);
    berths = new Berths(board, times, breakers);
  }

  /** Everyone is there: this rule decides from now on. */
  void open(BrowserAwareScheduler decides) {
    rule = decides;
  }

  BrowserAwareScheduler rule() {
    return Objects.requireNonNull(rule, "the deck is being built");
  }

  double seconds(Instant at) {
    return Duration.between(origin, at).toNanos() / 1e9;
  }

  void moveTo(Instant now) {
    board.moveTo(seconds(now));
  }

  int enter(TaskRecord task, int group) {
    return tokens.enter(task, group, seconds(task.queuedAt));
  }

  /** The task waits no longer, or not here. */
  void withdraw(TaskRecord task) {
    if (board.waits(task.token)) {
      board.withdraw(task.token);
    }
    tokens.forget(task);
  }

  /** The task's attempt will not run at its browser, or runs there no longer. */
  void end(TaskRecord task) {
    int token = task.token;
    if (board.isBound(token)) {
      board.withdraw(token);
    } else if (board.isRunning(token)) {
      free(token);
    }
    tokens.forget(task);
  }

  private void free(int token) {
    int browser = board.browser(token);
    double took = board.nowSeconds() - board.startedSeconds(token);
    board.finish(token);
    rule().ended(token, browser, true, took);
    startBound(browser);
  }

  private void startBound(int browser) {
    while (board.freeSlots(browser) > 0 && board.firstBound(browser) != Board.NONE) {
      int next = board.firstBound(browser);
      run(next, browser);
      rule().started(next, browser);
    }
  }

  /** The task takes a slot, for as long as is expected of it. */
  void run(int token, int browser) {
    PoolTimes.Expected expected = expected(token, browser);
    if (expected == null) {
      board.start(token, browser, 0, board.nowSeconds());
      return;
    }
    int variant = expected.variant();
    double load = board.resident(browser, variant) ? 0 : expected.loadSeconds();
    board.start(token, browser, variant, board.nowSeconds() + expected.serviceSeconds() + load);
  }

  /**
   * On the backend that it was bound to: which one is the most promising may have changed since.
   */
  private PoolTimes.@Nullable Expected expected(int token, int browser) {
    List<PoolTimes.Expected> all = times.expected(board.group(token), board.pool(browser));
    TaskRecord task = tokens.task(token);
    Lease lease = task == null ? null : task.lease;
    for (PoolTimes.Expected on : all) {
      if (lease != null && on.backend().equals(lease.backend)) {
        return on;
      }
    }
    return all.isEmpty() ? null : all.getFirst();
  }

  /** Puts a task where its lease says that it is; its number. */
  int restore(Lease lease, Berths.Berth berth, int group, Instant now) {
    TaskRecord task = lease.task;
    int token = enter(task, group);
    if (board.freeSlots(berth.browser) > 0) {
      Instant since = lease.startedAt == null ? lease.boundAt : lease.startedAt;
      moveTo(since);
      int variant =
          times.variantOf(BrowserMetrics.resident(task.cell().model().name(), lease.backend));
      board.start(token, berth.browser, variant, board.nowSeconds() + lease.expectedSeconds);
      moveTo(now);
    } else {
      board.bind(token, berth.browser);
    }
    return token;
  }

  void residents(Berths.Berth berth, List<String> models) {
    int[] variants = new int[models.size()];
    for (int i = 0; i < variants.length; i++) {
      variants[i] = times.variantOf(models.get(i));
    }
    board.setResidents(berth.browser, variants);
  }

  /** Slots that no phantom fills, and no task. */
  int unused(Berths.Berth berth) {
    return berth.slots - (board.running(berth.browser) - berth.phantoms.size());
  }

  /** Fills so many slots with phantoms, and no more. */
  void close(Berths.Berth berth, int slots) {
    while (berth.phantoms.size() > slots) {
      free(berth.phantoms.removeLast());
    }
    while (berth.phantoms.size() < slots) {
      int token = tokens.enterPhantom();
      board.start(token, berth.browser, 0, board.nowSeconds() + 1);
      berth.phantoms.add(token);
      rule().started(token, berth.browser);
    }
  }

  /** Whether any browser has a free slot. */
  boolean hasFreeSlot() {
    for (int c = 0; c < board.pools(); c++) {
      if (board.freeBrowsers(c) > 0) {
        return true;
      }
    }
    return false;
  }
}
