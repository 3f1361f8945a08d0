package dev.ballast.dispatch;

import dev.ballast.balancer.BrowserView;
import dev.ballast.balancer.PlacementSettings;
import dev.ballast.balancer.PoolTimes;
import dev.ballast.balancer.Profiles;
import dev.ballast.balancer.TaskView;
import dev.ballast.balancer.aware.BrowserAwareScheduler;
import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.LiveBoard;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Requirements;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Dispatch's side of the balancer's {@link Board}: the same rule decides here that the simulator
 * measures. It keeps the numbers of tasks, groups, browsers and pools, and tells the rule what
 * happens. A change in who is there builds the board anew; all else is told as it comes.
 *
 * <p>A slot that may not be used now (its browser is restarted, its breaker is open, a void attempt
 * fills it) holds a phantom: a task of nobody.
 */
final class Floor {
  private static final double MIB = 1 << 20;

  /** What one exchange with a worker takes under load, its commit included. */
  private static final double EXCHANGE_SECONDS = 0.02;

  private static final int MOST_GROUPS = 256;
  private static final int MOST_DEAD_TOKENS = 50_000;

  private final Profiles profiles;
  private final PlacementSettings settings;
  private final Breakers breakers;
  private final Alarm alarm;
  private Turns turns = Turns.NONE;
  private @Nullable Binder binder;

  private LiveBoard board = new LiveBoard();
  private PoolTimes times;
  private @Nullable BrowserAwareScheduler scheduler;
  private @Nullable Instant origin;
  private long generation;
  private long version;
  private boolean stale = true;
  private boolean possibilitiesChanged;
  private double capMiB = Double.POSITIVE_INFINITY;

  private final List<@Nullable TaskRecord> tokens = new ArrayList<>();
  private final Map<TaskView, Integer> groups = new HashMap<>();
  private final List<Set<Lane>> lanes = new ArrayList<>();
  private final Map<PoolKey, Integer> pools = new HashMap<>();
  private final List<Integer> openBrowsers = new ArrayList<>();
  private final Map<WorkerId, Bay> bays = new HashMap<>();
  private final List<WorkerRecord> workers = new ArrayList<>();
  private final Set<WorkerId> alone = new HashSet<>();
  private @Nullable TaskRecord binding;

  /** Gives an attempt of the task to the browser's worker. */
  interface Binder {
    void bind(TaskRecord task, int token, int group, int browser);
  }

  /** What makes browsers alike; one that a task failed on is like no other. */
  private record PoolKey(
      String pool,
      Map<String, String> labels,
      dev.ballast.model.BrowserKind kind,
      String version,
      List<dev.ballast.model.Backend> backends,
      Optional<dev.ballast.model.Adapter> adapter,
      OptionalLong memoryBytes,
      Optional<WorkerId> alone) {}

  private static final class Bay {
    final int browser;
    final int pool;
    final PoolKey key;
    final int slots;
    final List<Integer> phantoms = new ArrayList<>();
    boolean barred;

    Bay(int browser, int pool, PoolKey key, int slots) {
      this.browser = browser;
      this.pool = pool;
      this.key = key;
      this.slots = slots;
    }
  }

  Floor(Profiles profiles, PlacementSettings settings, Breakers breakers, Alarm alarm) {
    this.profiles = profiles;
    this.settings = settings;
    this.breakers = breakers;
    this.alarm = alarm;
    this.times = new PoolTimes(profiles, settings, _ -> {});
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
    BrowserAwareScheduler rule = scheduler;
    if (stale || rule == null || task.job.paused()) {
      // It is taken along when the board is built, or its job resumed.
      return;
    }
    board.moveTo(seconds(alarm.now()));
    int token = enter(task, groupOf(lane, task));
    rule.arrived(token);
  }

  /** The task waits in the lane no longer. */
  void leaves(TaskRecord task, Lane lane) {
    if (lane.tasks.isEmpty() && lane.board == generation) {
      lanes.get(lane.group).remove(lane);
    }
    if (task.token >= 0 && task != binding) {
      if (board.waits(task.token)) {
        board.withdraw(task.token);
      }
      forget(task);
    }
  }

  /** The attempt will not run at its worker, or runs there no longer. */
  void ended(Lease lease) {
    TaskRecord task = lease.task;
    int token = task.token;
    BrowserAwareScheduler rule = scheduler;
    if (token < 0 || rule == null) {
      return;
    }
    board.moveTo(seconds(alarm.now()));
    if (board.isBound(token)) {
      board.withdraw(token);
    } else if (board.isRunning(token)) {
      free(rule, token);
    }
    forget(task);
  }

  private void free(BrowserAwareScheduler rule, int token) {
    int browser = board.browser(token);
    double took = board.nowSeconds() - board.startedSeconds(token);
    board.finish(token);
    rule.ended(token, browser, true, took);
    startBound(rule, browser);
  }

  private void startBound(BrowserAwareScheduler rule, int browser) {
    while (board.freeSlots(browser) > 0 && board.firstBound(browser) != Board.NONE) {
      int next = board.firstBound(browser);
      run(next, browser);
      rule.started(next, browser);
    }
  }

  private void forget(TaskRecord task) {
    if (task.token >= 0) {
      tokens.set(task.token, null);
      task.token = -1;
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
    stale |= groups.size() > MOST_GROUPS && groups.size() > 4 * liveGroups();
    stale |= tokens.size() > MOST_DEAD_TOKENS && tokens.size() > 4 * board.waiting();
    Set<WorkerRecord> touched = roster.takeTouched();
    for (WorkerRecord worker : touched) {
      stale |= !update(worker);
    }
    if (stale || scheduler == null) {
      build(ledger, roster);
      for (WorkerRecord worker : roster.all()) {
        update(worker);
      }
    }
    refreshPools();
    board.moveTo(seconds(alarm.now()));
    if (possibilitiesChanged && scheduler != null) {
      possibilitiesChanged = false;
      scheduler.possibilitiesChanged();
    }
  }

  private int liveGroups() {
    int live = 0;
    for (Set<Lane> group : lanes) {
      live += group.isEmpty() ? 0 : 1;
    }
    return live;
  }

  /** Takes in what a worker told; false when the board must be built anew for it. */
  private boolean update(WorkerRecord worker) {
    Bay bay = bays.get(worker.id);
    SyncRequest request = worker.request;
    BrowserAwareScheduler rule = scheduler;
    if (!worker.takesTasks() || request == null || rule == null) {
      return bay == null;
    }
    PoolKey key = key(worker.id, request);
    if (bay == null) {
      if (memoryMiB(key) / request.slots() < capMiB && capMiB < Double.POSITIVE_INFINITY) {
        return false;
      }
      bay = add(worker, request, key);
      rule.joined(bay.browser);
      restoreLeases(worker, bay, rule);
    } else if (!bay.key.equals(key) || bay.slots != request.slots()) {
      return false;
    }
    List<String> resident = request.metrics().residentModels();
    int[] variants = new int[resident.size()];
    for (int i = 0; i < variants.length; i++) {
      variants[i] = times.variantOf(resident.get(i));
    }
    board.setResidents(bay.browser, variants);
    closeSlots(worker, request, bay, rule);
    return true;
  }

  private PoolKey key(WorkerId worker, SyncRequest request) {
    return new PoolKey(
        request.pool(),
        request.poolLabels(),
        request.browser().kind(),
        request.browser().version(),
        request.capability().backends(),
        request.capability().adapter(),
        request.capability().memoryBytes(),
        alone.contains(worker) ? Optional.of(worker) : Optional.empty());
  }

  private static double memoryMiB(PoolKey key) {
    return key.memoryBytes().isPresent()
        ? key.memoryBytes().getAsLong() / MIB
        : Double.POSITIVE_INFINITY;
  }

  private Bay add(WorkerRecord worker, SyncRequest request, PoolKey key) {
    Integer known = pools.get(key);
    int pool;
    if (known == null) {
      pool = board.addPool(key.kind());
      pools.put(key, pool);
      openBrowsers.add(0);
      times.addPool(like(worker.id, key, false));
      version++;
      possibilitiesChanged = true;
    } else {
      pool = known;
    }
    int browser = board.addBrowser(pool, worker.id.name(), request.slots(), memoryMiB(key));
    workers.add(worker);
    Bay bay = new Bay(browser, pool, key, request.slots());
    openBrowsers.set(pool, openBrowsers.get(pool) + 1);
    bays.put(worker.id, bay);
    return bay;
  }

  /** One browser of the pool, as if nothing ran there. */
  private BrowserView like(WorkerId worker, PoolKey key, boolean barred) {
    return new BrowserView(
        worker,
        key.pool(),
        key.labels(),
        key.kind(),
        key.version(),
        key.backends(),
        key.adapter(),
        1,
        0,
        0,
        Set.of(),
        key.memoryBytes(),
        OptionalLong.empty(),
        java.util.OptionalDouble.empty(),
        0,
        barred,
        breakers.broken(key.pool()));
  }

  private void restoreLeases(WorkerRecord worker, Bay bay, BrowserAwareScheduler rule) {
    for (Lease lease : worker.leases.values()) {
      if (lease.task.token < 0) {
        int token = restore(lease, bay);
        if (board.isRunning(token)) {
          rule.started(token, bay.browser);
        }
      }
    }
  }

  private int restore(Lease lease, Bay bay) {
    TaskRecord task = lease.task;
    int token = enter(task, groupOf(view(task, task.avoided())));
    if (board.freeSlots(bay.browser) > 0) {
      Instant since = lease.startedAt == null ? lease.boundAt : lease.startedAt;
      board.moveTo(seconds(since));
      int variant =
          times.variantOf(
              dev.ballast.model.BrowserMetrics.resident(task.cell().model().name(), lease.backend));
      board.start(token, bay.browser, variant, board.nowSeconds() + lease.expectedSeconds);
      board.moveTo(seconds(alarm.now()));
    } else {
      board.bind(token, bay.browser);
    }
    return token;
  }

  /** Fills with phantoms what may not be used now, and no more. */
  private void closeSlots(
      WorkerRecord worker, SyncRequest request, Bay bay, BrowserAwareScheduler rule) {
    boolean barred = breakers.keepsOut(worker.id);
    if (barred != bay.barred) {
      bay.barred = barred;
      openBrowsers.set(bay.pool, openBrowsers.get(bay.pool) + (barred ? -1 : 1));
    }
    int own = board.running(bay.browser) - bay.phantoms.size();
    int usable = Math.max(0, bay.slots - own - worker.voided.size());
    if (barred || !request.metrics().healthy()) {
      usable = 0;
    } else if (breakers.halfOpen(worker.id)) {
      usable = Math.min(1, usable);
    }
    int wanted = bay.slots - own - usable;
    board.moveTo(seconds(alarm.now()));
    while (bay.phantoms.size() > wanted) {
      free(rule, bay.phantoms.removeLast());
    }
    while (bay.phantoms.size() < wanted) {
      int token = board.addTask(0, board.nowSeconds(), 1);
      tokens.add(null);
      board.await(token);
      board.start(token, bay.browser, 0, board.nowSeconds() + 1);
      bay.phantoms.add(token);
      rule.started(token, bay.browser);
    }
  }

  /** What is broken in a whole pool may have changed with the breakers. */
  void refreshPools() {
    for (Map.Entry<PoolKey, Integer> entry : pools.entrySet()) {
      int pool = entry.getValue();
      BrowserView before = times.pool(pool);
      boolean barred = openBrowsers.get(pool) == 0;
      if (before.breakerOpen() != barred
          || !before.broken().equals(breakers.broken(before.pool()))) {
        times.setPool(pool, like(before.worker(), entry.getKey(), barred));
        possibilitiesChanged = true;
        version++;
      }
    }
  }

  // ---------------------------------------------------------------- building anew

  private void build(Ledger ledger, Roster roster) {
    stale = false;
    possibilitiesChanged = false;
    generation++;
    version++;
    if (origin == null) {
      origin = alarm.now();
    }
    for (TaskRecord task : tokens) {
      if (task != null) {
        task.token = -1;
      }
    }
    tokens.clear();
    bays.clear();
    pools.clear();
    openBrowsers.clear();
    workers.clear();
    lanes.clear();
    Map<TaskView, Integer> before = new HashMap<>(groups);
    groups.clear();
    BrowserAwareScheduler former = scheduler;
    board = new LiveBoard();
    LiveBoard fresh = board;
    fresh.setGate(group -> turns.mayStart(lanes.get(group)));
    times =
        new PoolTimes(profiles, settings, sizeMiB -> fresh.addVariant(Math.min(capMiB, sizeMiB)));
    times.variantOf("");
    groupOf(
        new TaskView(
            "",
            ModelFamily.OTHER,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Requirements.NONE,
            Set.of()));
    board.moveTo(seconds(alarm.now()));
    capMiB = Double.POSITIVE_INFINITY;
    List<WorkerRecord> present = new ArrayList<>();
    for (WorkerRecord worker : roster.all()) {
      SyncRequest request = worker.request;
      if (worker.takesTasks() && request != null) {
        present.add(worker);
        capMiB = Math.min(capMiB, memoryMiB(key(worker.id, request)) / request.slots());
      }
    }
    alone.clear();
    for (JobRecord job : ledger.open()) {
      job.lanes.keySet().forEach(lane -> alone.addAll(lane.avoid()));
    }
    for (WorkerRecord worker : present) {
      SyncRequest request = Objects.requireNonNull(worker.request);
      Bay bay = add(worker, request, key(worker.id, request));
      for (Lease lease : worker.leases.values()) {
        restore(lease, bay);
      }
    }
    if (before.size() <= MOST_GROUPS) {
      before.keySet().forEach(this::groupOf);
    }
    for (JobRecord job : ledger.open()) {
      if (!job.ended() && !job.paused()) {
        for (Lane lane : job.lanes.values()) {
          for (TaskRecord task : lane.tasks) {
            enter(task, groupOf(lane, task));
          }
        }
      }
    }
    scheduler = new BrowserAwareScheduler(board, times, new RuleMoves(), settings.tuning());
    if (former != null) {
      int[] numbers = new int[before.size()];
      Arrays.fill(numbers, -1);
      before.forEach((view, number) -> numbers[number] = groups.getOrDefault(view, -1));
      scheduler.inherit(former, numbers);
    }
  }

  private int enter(TaskRecord task, int group) {
    int token = board.addTask(group, seconds(task.queuedAt), task.attempts);
    tokens.add(task);
    task.token = token;
    board.await(token);
    return token;
  }

  private int groupOf(Lane lane, TaskRecord task) {
    if (lane.board != generation) {
      lane.board = generation;
      lane.group = groupOf(view(task, avoided(task)));
    }
    lanes.get(lane.group).add(lane);
    return lane.group;
  }

  /** The group of tasks like that one. */
  int groupOf(TaskView view) {
    Integer known = groups.get(view);
    if (known != null) {
      return known;
    }
    int added = board.addGroup(new LiveBoard.Group(groups.size(), view.model(), view.family()));
    times.addGroup(view);
    groups.put(view, added);
    lanes.add(new LinkedHashSet<>());
    return added;
  }

  static TaskView view(TaskRecord task, Set<WorkerId> avoid) {
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
  private Set<WorkerId> avoided(TaskRecord task) {
    Set<WorkerId> avoided = task.avoided();
    if (task.outgrownBytes == 0) {
      return avoided;
    }
    Set<WorkerId> more = new HashSet<>(avoided);
    for (WorkerRecord worker : workers) {
      if (worker.memoryBytes().orElse(Long.MAX_VALUE) <= task.outgrownBytes) {
        more.add(worker.id);
      }
    }
    return more;
  }

  private double seconds(Instant at) {
    return origin == null ? 0 : Duration.between(origin, at).toNanos() / 1e9;
  }

  // ---------------------------------------------------------------- deciding

  /** Asks the rule; returns how many tasks it gave away. */
  int decide() {
    BrowserAwareScheduler rule = scheduler;
    if (rule == null) {
      return 0;
    }
    int before = board.waiting();
    rule.decide();
    return before - board.waiting();
  }

  /** Hands short tasks to browsers that have no slot free for them yet, but a place before one. */
  void bindAhead(int places) {
    BrowserAwareScheduler rule = scheduler;
    if (rule == null || places == 0 || !shortTaskWaits()) {
      return;
    }
    for (int b = 0; b < board.browsers(); b++) {
      Bay bay = Objects.requireNonNull(bays.get(workers.get(b).id));
      if (board.freeSlots(b) == 0 && bay.phantoms.isEmpty()) {
        bindAhead(rule, b, places, settings.prefetchBelowSeconds());
        // All slots may end within the exchange that would tell of the first.
        bindAhead(rule, b, places * board.slots(b), EXCHANGE_SECONDS);
      }
    }
  }

  private void bindAhead(BrowserAwareScheduler rule, int browser, int places, double belowSeconds) {
    int before = -1;
    while (board.bound(browser) < places && board.bound(browser) != before) {
      before = board.bound(browser);
      rule.bindAhead(browser, belowSeconds);
    }
  }

  private boolean shortTaskWaits() {
    for (int g = 0; g < board.groups(); g++) {
      if (board.startable(g)) {
        for (int c = 0; c < board.pools(); c++) {
          if (times.serviceSeconds(g, c) < settings.prefetchBelowSeconds()) {
            return true;
          }
        }
      }
    }
    return false;
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

  Board board() {
    return board;
  }

  PoolTimes times() {
    return times;
  }

  @Nullable BrowserAwareScheduler rule() {
    return scheduler;
  }

  /** The lease under which the task of that number is at its worker; null: there is none. */
  @Nullable Lease lease(int token) {
    TaskRecord task = tokens.get(token);
    return task == null ? null : task.lease;
  }

  WorkerRecord worker(int browser) {
    return workers.get(browser);
  }

  /** Another number, another fleet: what could not run then may run now. */
  long version() {
    return version;
  }

  /** The group of the lane's tasks; -1 while they are not on the board. */
  int group(Lane lane) {
    return lane.board == generation ? lane.group : -1;
  }

  private void run(int token, int browser) {
    int group = board.group(token);
    int pool = board.pool(browser);
    int variant = times.variant(group, pool);
    double load = board.resident(browser, variant) ? 0 : times.loadSeconds(group, pool);
    double service = variant < 0 ? 0 : times.expected(group, pool).getFirst().serviceSeconds();
    board.start(token, browser, Math.max(0, variant), board.nowSeconds() + service + load);
  }

  /** What the rule does, done. */
  private final class RuleMoves implements Moves {
    @Override
    public void start(int token, int browser) {
      TaskRecord task = next(token);
      bindTo(task, token, browser);
      run(token, browser);
      refreshPools();
    }

    @Override
    public void bind(int token, int browser) {
      TaskRecord task = next(token);
      bindTo(task, token, browser);
      board.bind(token, browser);
      refreshPools();
    }

    // The rule is only asked to start and to bind ahead here. A bound task may have started unheard
    // of, so Relief moves it, with its worker's consent: were the rule to do it, that is a bug.
    @Override
    public void steal(int token, int browser) {
      throw new UnsupportedOperationException("bound tasks are moved by their workers' consent");
    }

    @Override
    public void unbind(int token) {
      throw new UnsupportedOperationException("bound tasks are moved by their workers' consent");
    }

    private void bindTo(TaskRecord task, int token, int browser) {
      binding = task;
      try {
        Objects.requireNonNull(binder).bind(task, token, board.group(token), browser);
      } finally {
        binding = null;
      }
    }

    /** The group's task whose turn it is gets the number; whoever had it takes that one's. */
    private TaskRecord next(int token) {
      TaskRecord oldest = Objects.requireNonNull(tokens.get(token));
      TaskRecord task = turns.next(lanes.get(board.group(token)), oldest);
      if (task != oldest) {
        int other = task.token;
        tokens.set(token, task);
        tokens.set(other, oldest);
        task.token = token;
        oldest.token = other;
      }
      return task;
    }
  }
}
