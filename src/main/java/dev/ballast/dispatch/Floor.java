package dev.ballast.dispatch;

import dev.ballast.balancer.PlacementSettings;
import dev.ballast.balancer.PoolTimes;
import dev.ballast.balancer.Profiles;
import dev.ballast.balancer.TaskView;
import dev.ballast.balancer.aware.BrowserAwareScheduler;
import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Requirements;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dispatch's side of the balancer's {@link Board}: the same rule decides here that the simulator
 * measures. It tells the rule what happens. A change in who is there builds the board anew, as
 * another {@link Deck}; all else is told as it comes.
 *
 * <p>A slot that may not be used now (its browser is restarted, its breaker is open, a void attempt
 * fills it) holds a phantom: a task of nobody.
 */
final class Floor {
  /** What a phantom is like. */
  private static final TaskView NOBODY =
      new TaskView(
          "",
          ModelFamily.OTHER,
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Requirements.NONE,
          Set.of());

  private final Profiles profiles;
  private final PlacementSettings settings;
  private final Breakers breakers;
  private final Alarm alarm;
  private Turns turns = Turns.NONE;
  private @Nullable Binder binder;

  private @Nullable Deck deck;
  private @Nullable Instant origin;
  private long built;
  private long version;
  private boolean stale = true;
  private boolean possibilitiesChanged;
  private double capMiB = Double.POSITIVE_INFINITY;
  private final Set<WorkerId> alone = new HashSet<>();
  private @Nullable TaskRecord binding;

  /** Gives an attempt of the task to the browser's worker. */
  interface Binder {
    void bind(TaskRecord task, int token, int group, int browser);
  }

  Floor(Profiles profiles, PlacementSettings settings, Breakers breakers, Alarm alarm) {
    this.profiles = profiles;
    this.settings = settings;
    this.breakers = breakers;
    this.alarm = alarm;
  }

  /** Who goes first, and who makes what was decided durable. */
  void open(Turns whoseTurn, Binder binding) {
    turns = whoseTurn;
    binder = binding;
  }

  // ---------------------------------------------------------------- what happens

  /** The task came to wait in the lane. */
  void waits(TaskRecord task, Lane lane) {
    Set<WorkerId> avoid = lane.key.avoid();
    if (!alone.containsAll(avoid)) {
      alone.addAll(avoid);
      stale = true;
    }
    Deck on = deck;
    if (stale || on == null || task.job.paused()) {
      // It is taken along when the board is built, or its job resumed.
      return;
    }
    on.moveTo(alarm.now());
    int token = on.enter(task, groupOf(on, lane, task));
    on.rule().arrived(token);
  }

  /** The task waits in the lane no longer. */
  void leaves(TaskRecord task, Lane lane) {
    Deck on = deck;
    if (on == null) {
      return;
    }
    if (lane.tasks.isEmpty()) {
      on.groups.emptied(lane);
    }
    if (task.token >= 0 && task != binding) {
      on.withdraw(task);
    }
  }

  /** The attempt will not run at its worker, or runs there no longer. */
  void ended(Lease lease) {
    Deck on = deck;
    if (on != null && lease.task.token >= 0) {
      on.moveTo(alarm.now());
      on.end(lease.task);
    }
  }

  // ---------------------------------------------------------------- the fleet

  /** Takes in what has changed since the last decision. */
  void refresh(Ledger ledger, Roster roster) {
    for (JobRecord job : ledger.open()) {
      boolean off = job.ended() || job.paused();
      if (off != job.offFloor) {
        job.offFloor = off;
        stale |= !job.ended();
      }
    }
    Set<WorkerRecord> touched = roster.takeTouched();
    Deck on = deck;
    if (on != null) {
      stale |= on.groups.areMostlyEmpty() || on.tokens.areMostlyDead();
      for (WorkerRecord worker : touched) {
        stale |= !update(on, worker);
      }
    }
    if (stale || on == null) {
      on = build(ledger, roster);
      for (WorkerRecord worker : roster.all()) {
        update(on, worker);
      }
    }
    refreshPools(on);
    on.moveTo(alarm.now());
    if (possibilitiesChanged) {
      possibilitiesChanged = false;
      on.rule().possibilitiesChanged();
    }
  }

  /** Takes in what a worker told; false when the board must be built anew for it. */
  private boolean update(Deck on, WorkerRecord worker) {
    Berths.Berth berth = on.berths.find(worker.id);
    SyncRequest request = worker.request;
    if (!worker.takesTasks() || request == null) {
      return berth == null;
    }
    Berths.Key key = key(worker.id, request);
    if (berth == null) {
      if (key.memoryMiB() / request.slots() < capMiB && capMiB < Double.POSITIVE_INFINITY) {
        return false;
      }
      berth = add(on, worker, request, key);
      on.rule().joined(berth.browser);
      restoreLeases(on, worker, berth);
    } else if (!berth.key.equals(key) || berth.slots != request.slots()) {
      return false;
    }
    on.residents(berth, request.metrics().residentModels());
    closeSlots(on, worker, request, berth);
    return true;
  }

  private Berths.Key key(WorkerId worker, SyncRequest request) {
    return Berths.Key.of(worker, request, alone.contains(worker));
  }

  private Berths.Berth add(Deck on, WorkerRecord worker, SyncRequest request, Berths.Key key) {
    if (!on.berths.knows(key)) {
      version++;
      possibilitiesChanged = true;
    }
    return on.berths.add(worker, request, key);
  }

  private void restoreLeases(Deck on, WorkerRecord worker, Berths.Berth berth) {
    for (Lease lease : worker.leases.values()) {
      if (lease.task.token < 0) {
        int token = restore(on, lease, berth);
        if (on.board.isRunning(token)) {
          on.rule().started(token, berth.browser);
        }
      }
    }
  }

  private int restore(Deck on, Lease lease, Berths.Berth berth) {
    TaskRecord task = lease.task;
    return on.restore(lease, berth, on.groups.of(view(task, task.avoided())), alarm.now());
  }

  /** Fills with phantoms what may not be used now, and no more. */
  private void closeSlots(Deck on, WorkerRecord worker, SyncRequest request, Berths.Berth berth) {
    boolean barred = breakers.keepsOut(worker.id);
    on.berths.bar(berth, barred);
    int unused = on.unused(berth);
    int usable = Math.max(0, unused - worker.voided.size());
    if (barred || !request.metrics().healthy()) {
      usable = 0;
    } else if (breakers.halfOpen(worker.id)) {
      usable = Math.min(1, usable);
    }
    on.moveTo(alarm.now());
    on.close(berth, unused - usable);
  }

  /** What is broken in a whole pool may have changed with the breakers. */
  private void refreshPools(Deck on) {
    int changed = on.berths.refreshPools();
    version += changed;
    possibilitiesChanged |= changed > 0;
  }

  // ---------------------------------------------------------------- building anew

  private Deck build(Ledger ledger, Roster roster) {
    stale = false;
    possibilitiesChanged = false;
    built++;
    version++;
    if (origin == null) {
      origin = alarm.now();
    }
    Deck former = deck;
    if (former != null) {
      former.tokens.forgetAll();
    }
    Deck fresh = new Deck(built, origin, profiles, settings, breakers, () -> capMiB);
    deck = fresh;
    fresh.board.setGate(group -> turns.mayStart(fresh.groups.lanes(group)));
    fresh.times.variantOf("");
    fresh.groups.of(NOBODY);
    fresh.moveTo(alarm.now());
    List<WorkerRecord> present = present(roster);
    alone.clear();
    for (JobRecord job : ledger.open()) {
      job.lanes.keySet().forEach(lane -> alone.addAll(lane.avoid()));
    }
    for (WorkerRecord worker : present) {
      SyncRequest request = Objects.requireNonNull(worker.request);
      Berths.Berth berth = add(fresh, worker, request, key(worker.id, request));
      for (Lease lease : worker.leases.values()) {
        restore(fresh, lease, berth);
      }
    }
    if (former != null) {
      fresh.groups.takeOver(former.groups);
    }
    enterAll(fresh, ledger);
    BrowserAwareScheduler rule =
        new BrowserAwareScheduler(
            fresh.board, fresh.times, new RuleMoves(fresh), settings.tuning());
    if (former != null) {
      rule.inherit(former.rule(), fresh.groups.numbersOf(former.groups));
    }
    fresh.open(rule);
    return fresh;
  }

  /** The workers that take tasks; what a slot of the smallest has is the cap of what is needed. */
  private List<WorkerRecord> present(Roster roster) {
    capMiB = Double.POSITIVE_INFINITY;
    List<WorkerRecord> present = new ArrayList<>();
    for (WorkerRecord worker : roster.all()) {
      SyncRequest request = worker.request;
      if (worker.takesTasks() && request != null) {
        present.add(worker);
        capMiB = Math.min(capMiB, key(worker.id, request).memoryMiB() / request.slots());
      }
    }
    return present;
  }

  private void enterAll(Deck on, Ledger ledger) {
    for (JobRecord job : ledger.open()) {
      if (!job.ended() && !job.paused()) {
        for (Lane lane : job.lanes.values()) {
          for (TaskRecord task : lane.tasks) {
            on.enter(task, groupOf(on, lane, task));
          }
        }
      }
    }
  }

  private static int groupOf(Deck on, Lane lane, TaskRecord task) {
    return on.groups.of(lane, () -> view(task, avoided(on, task)));
  }

  private static TaskView view(TaskRecord task, Set<WorkerId> avoid) {
    var model = task.cell().model();
    return new TaskView(
        model.name(),
        model.family(),
        task.job.spec.poolSelector(),
        task.backend(),
        task.cell().browser(),
        task.job.spec.requirements(),
        avoid);
  }

  /** A task that ran out of memory goes to a larger browser, where there is one. */
  private static Set<WorkerId> avoided(Deck on, TaskRecord task) {
    Set<WorkerId> avoided = task.avoided();
    if (task.outgrownBytes == 0) {
      return avoided;
    }
    Set<WorkerId> more = new HashSet<>(avoided);
    more.addAll(on.berths.within(task.outgrownBytes));
    return more;
  }

  // ---------------------------------------------------------------- deciding

  /** Asks the rule; returns how many tasks it gave away. */
  int decide() {
    Deck on = deck();
    int before = on.board.waiting();
    on.rule().decide();
    return before - on.board.waiting();
  }

  /** Hands short tasks to browsers that have no slot free for them yet, but a place before one. */
  void bindAhead(int places) {
    new Prefetch(deck(), settings.prefetchBelowSeconds()).bind(places);
  }

  /** Whether any browser has a free slot. */
  boolean hasFreeSlot() {
    return deck().hasFreeSlot();
  }

  Board board() {
    return deck().board;
  }

  PoolTimes times() {
    return deck().times;
  }

  BrowserAwareScheduler rule() {
    return deck().rule();
  }

  private Deck deck() {
    return Objects.requireNonNull(deck, "refresh comes before the first question");
  }

  /** The lease under which the task of that number is at its worker; null: there is none. */
  @Nullable Lease lease(int token) {
    TaskRecord task = deck().tokens.task(token);
    return task == null ? null : task.lease;
  }

  WorkerRecord worker(int browser) {
    return deck().berths.worker(browser);
  }

  /** Another number, another fleet: what could not run then may run now. */
  long version() {
    return version;
  }

  /** The group of tasks like that one. */
  int groupOf(TaskView view) {
    return deck().groups.of(view);
  }

  /** The group of the lane's tasks; -1 while they are not on the board. */
  int group(Lane lane) {
    return deck == null ? -1 : deck.groups.find(lane);
  }

  /** What the rule does, done. */
  private final class RuleMoves implements Moves {
    private final Deck on;

    RuleMoves(Deck on) {
      this.on = on;
    }

    @Override
    public void start(int token, int browser) {
      bindTo(next(token), token, browser);
      on.run(token, browser);
      refreshPools(on);
    }

    @Override
    public void bind(int token, int browser) {
      bindTo(next(token), token, browser);
      on.board.bind(token, browser);
      refreshPools(on);
    }

    private void bindTo(TaskRecord task, int token, int browser) {
      binding = task;
      try {
        Objects.requireNonNull(binder).bind(task, token, on.board.group(token), browser);
      } finally {
        binding = null;
      }
    }

    /** The group's task whose turn it is gets the number; whoever had it takes that one's. */
    private TaskRecord next(int token) {
      TaskRecord oldest = Objects.requireNonNull(on.tokens.task(token));
      TaskRecord task = turns.next(on.groups.lanes(on.board.group(token)), oldest);
      if (task != oldest) {
        on.tokens.exchange(token, task, oldest);
      }
      return task;
    }
  }
}
