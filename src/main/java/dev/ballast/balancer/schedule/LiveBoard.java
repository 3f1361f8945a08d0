package dev.ballast.balancer.schedule;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The board as its driver keeps it: tasks, slots, bindings and resident models (least recently used
 * leave first, models in use never). It grows as groups, pools, browsers and tasks are added.
 */
public final class LiveBoard implements Board {
  /** Tasks nobody can tell apart. */
  public record Group(int model, String modelName, ModelFamily family) {}

  private enum State {
    NEW,
    WAITING,
    BOUND,
    RUNNING,
    DONE
  }

  private final List<Group> groups = new ArrayList<>();
  private final List<BrowserKind> kinds = new ArrayList<>();
  private final BrowserTable browsers = new BrowserTable();
  private double[] variantMiB = new double[0];
  private TaskQueue[] queues = new TaskQueue[0];
  private final TaskLinks links = new TaskLinks();
  private final Tries tries = new Tries();
  private IntPredicate gate = _ -> true;
  private double now;
  private int waiting;

  private State[] state = new State[0];
  private int[] group = new int[0];
  private int[] attempts = new int[0];
  private int[] browser = new int[0];
  private int[] variant = new int[0];
  private double[] arrival = new double[0];
  private double[] started = new double[0];
  private double[] expectedEnd = new double[0];
  private int tasks;

  // What the driver changes

  public void moveTo(double seconds) {
    now = seconds;
  }

  public int addGroup(Group added) {
    groups.add(added);
    queues = Arrays.copyOf(queues, groups.size());
    queues[groups.size() - 1] = new TaskQueue();
    return groups.size() - 1;
  }

  public int addPool(BrowserKind kind) {
    return addPool(kind, kinds.size());
  }

  /**
   * A pool whose browsers are as fast as those of pool {@code like}: what runs there tells of both.
   */
  public int addPool(BrowserKind kind, int like) {
    kinds.add(kind);
    browsers.addPool();
    tries.addPool(like);
    return kinds.size() - 1;
  }

  public int addVariant(double memoryMiB) {
    variantMiB = Arrays.copyOf(variantMiB, variantMiB.length + 1);
    variantMiB[variantMiB.length - 1] = memoryMiB;
    browsers.widen(variantMiB.length);
    return variantMiB.length - 1;
  }

  public int addBrowser(int pool, String name, int slots, double memoryMiB) {
    return browsers.add(pool, name, slots, memoryMiB);
  }

  /** A task that does not wait yet. */
  public int addTask(int ofGroup, double arrivalSeconds) {
    return addTask(ofGroup, arrivalSeconds, 0);
  }

  /** The same for one that was attempted before. */
  public int addTask(int ofGroup, double arrivalSeconds, int attemptsBefore) {
    int task = tasks++;
    if (task == group.length) {
      int size = Math.max(64, task * 2);
      state = Arrays.copyOf(state, size);
      group = Arrays.copyOf(group, size);
      attempts = Arrays.copyOf(attempts, size);
      browser = Arrays.copyOf(browser, size);
      variant = Arrays.copyOf(variant, size);
      arrival = Arrays.copyOf(arrival, size);
      started = Arrays.copyOf(started, size);
      expectedEnd = Arrays.copyOf(expectedEnd, size);
      links.grow(size);
    }
    state[task] = State.NEW;
    group[task] = ofGroup;
    browser[task] = -1;
    arrival[task] = arrivalSeconds;
    attempts[task] = attemptsBefore;
    return task;
  }

  /** The task waits, among its group by arrival. */
  public void await(int task) {
    require(state[task] == State.NEW || state[task] == State.BOUND, task, "can't wait");
    if (state[task] == State.BOUND) {
      leaveQueue(task);
    }
    enqueue(task);
  }

  /** The task waits at the end of the browser's queue. */
  public void bind(int task, int to) {
    require(state[task] == State.WAITING || state[task] == State.BOUND, task, "can't be bound");
    leaveQueue(task);
    state[task] = State.BOUND;
    browser[task] = to;
    browsers.bound(to).append(links, task);
  }

  /**
   * The task takes a slot.
   *
   * @return whether its model must be loaded
   */
  public boolean start(int task, int at, int asVariant, double expectedEndSeconds) {
    require(
        state[task] == State.WAITING || (state[task] == State.BOUND && browser[task] == at),
        task,
        "can't start");
    if (freeSlots(at) <= 0 || !fits(at, asVariant)) {
      throw new IllegalArgumentException(
          "task %d can't start on %s: %s"
              .formatted(
                  task, browserName(at), freeSlots(at) <= 0 ? "no slot is free" : "no memory"));
    }
    leaveQueue(task);
    boolean load = browsers.occupy(at, task, asVariant, variantMiB[asVariant]);
    tries.began(pool(at), asVariant);
    state[task] = State.RUNNING;
    browser[task] = at;
    variant[task] = asVariant;
    started[task] = now;
    expectedEnd[task] = expectedEndSeconds;
    return load;
  }

  /** A running task leaves its slot for good. */
  public void finish(int task) {
    release(task);
    state[task] = State.DONE;
  }

  /** A running or bound task waits again. */
  public void retry(int task) {
    if (state[task] == State.RUNNING) {
      release(task);
      attempts[task]++;
    } else {
      require(state[task] == State.BOUND, task, "can't wait again");
      leaveQueue(task);
    }
    enqueue(task);
  }

  /** The browser is gone, with all it had loaded. Its tasks must have been told to wait before. */
  public void lose(int lost) {
    if (running(lost) > 0 || bound(lost) > 0) {
      throw new IllegalStateException(browserName(lost) + " still has tasks");
    }
    browsers.setPresent(lost, false);
  }

  public void comeBack(int returned) {
    browsers.setPresent(returned, true);
  }

  /** A waiting or bound task will never start. */
  public void withdraw(int task) {
    require(state[task] == State.WAITING || state[task] == State.BOUND, task, "can't be withdrawn");
    leaveQueue(task);
    state[task] = State.DONE;
  }

  /** What the browser says that it has loaded; models that tasks use here are loaded, too. */
  public void setResidents(int of, int[] variants) {
    browsers.setLoaded(of, variants, variantMiB);
  }

  /** Groups that this refuses have nothing startable, whatever waits. */
  public void setGate(IntPredicate mayStart) {
    gate = mayStart;
  }

  @Override
  public boolean waits(int task) {
    return state[task] == State.WAITING;
  }

  public boolean isRunning(int task) {
    return state[task] == State.RUNNING;
  }

  public boolean isBound(int task) {
    return state[task] == State.BOUND;
  }

  private void enqueue(int task) {
    state[task] = State.WAITING;
    browser[task] = -1;
    queues[group[task]].insert(links, task, arrival);
    waiting++;
  }

  private void leaveQueue(int task) {
    if (state[task] == State.WAITING) {
      queues[group[task]].remove(links, task);
      waiting--;
    } else {
      browsers.bound(browser[task]).remove(links, task);
    }
  }

  private void release(int task) {
    require(state[task] == State.RUNNING, task, "does not run");
    browsers.release(browser[task], task, variant[task]);
    tries.ended(pool(browser[task]), variant[task]);
  }

  private void require(boolean condition, int task, String what) {
    if (!condition) {
      throw new IllegalArgumentException("task %d %s: it is %s".formatted(task, what, state[task]));
    }
  }

  // What anyone reads

  /** What runs, as measurements to come. */
  public Tries tries() {
    return tries;
  }

  @Override
  public double nowSeconds() {
    return now;
  }

  @Override
  public int groups() {
    return groups.size();
  }

  @Override
  public int model(int ofGroup) {
    return groups.get(ofGroup).model();
  }

  @Override
  public String modelName(int ofGroup) {
    return groups.get(ofGroup).modelName();
  }

  @Override
  public ModelFamily family(int ofGroup) {
    return groups.get(ofGroup).family();
  }

  @Override
  public int pools() {
    return kinds.size();
  }

  @Override
  public BrowserKind kind(int pool) {
    return kinds.get(pool);
  }

  @Override
  public int poolSlots(int pool) {
    return browsers.poolSlots(pool);
  }

  @Override
  public int browsers() {
    return browsers.count();
  }

  @Override
  public int pool(int of) {
    return browsers.pool(of);
  }

  @Override
  public String browserName(int of) {
    return browsers.name(of);
  }

  @Override
  public int slots(int of) {
    return browsers.slots(of);
  }

  @Override
  public double memoryMiB(int of) {
    return browsers.memoryMiB(of);
  }

  @Override
  public boolean present(int of) {
    return browsers.present(of);
  }

  @Override
  public int running(int of) {
    return browsers.busy(of);
  }

  @Override
  public int runningTask(int of, int i) {
    return browsers.runningTask(of, i);
  }

  @Override
  public int bound(int of) {
    return browsers.bound(of).size();
  }

  @Override
  public int firstBound(int of) {
    return browsers.bound(of).first();
  }

  @Override
  public int nextBound(int task) {
    return links.next(task);
  }

  @Override
  public int freeBrowsers(int pool) {
    return browsers.freeBrowsers(pool);
  }

  @Override
  public int freeBrowser(int pool, int i) {
    return browsers.freeBrowser(pool, i);
  }

  @Override
  public boolean resident(int of, int ofVariant) {
    return browsers.loaded(of, ofVariant);
  }

  @Override
  public int residents(int of) {
    return browsers.residents(of).size();
  }

  @Override
  public int residentVariant(int of, int i) {
    return browsers.residents(of).variant(i);
  }

  @Override
  public double variantMiB(int ofVariant) {
    return variantMiB[ofVariant];
  }

  @Override
  public double residentMiB(int of) {
    return browsers.residents(of).memoryMiB();
  }

  @Override
  public boolean fits(int at, int ofVariant) {
    return browsers.fits(at, ofVariant, variantMiB[ofVariant]);
  }

  @Override
  public boolean fitsBeside(int at, int ofVariant) {
    return browsers.fitsBeside(at, ofVariant, variantMiB[ofVariant]);
  }

  @Override
  public int group(int task) {
    return group[task];
  }

  @Override
  public double arrivalSeconds(int task) {
    return arrival[task];
  }

  @Override
  public int attempts(int task) {
    return attempts[task];
  }

  @Override
  public int variant(int task) {
    return variant[task];
  }

  @Override
  public double startedSeconds(int task) {
    return started[task];
  }

  @Override
  public double expectedEndSeconds(int task) {
    return expectedEnd[task];
  }

  @Override
  public int browser(int task) {
    return browser[task];
  }

  @Override
  public int waiting() {
    return waiting;
  }

  @Override
  public int waiting(int ofGroup) {
    return queues[ofGroup].size();
  }

  @Override
  public boolean startable(int ofGroup) {
    return queues[ofGroup].size() > 0 && gate.test(ofGroup);
  }

  @Override
  public int oldest(int ofGroup) {
    return queues[ofGroup].first();
  }

  @Override
  public int next(int task) {
    return links.next(task);
  }
}
