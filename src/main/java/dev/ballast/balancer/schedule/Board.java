package dev.ballast.balancer.schedule;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;

/**
 * What waits and what is free, as the controller believes it: a lost browser stays on it until its
 * loss is noticed. Every answer takes constant time.
 */
public interface Board {
  /** Stands for no task. */
  int NONE = -1;

  double nowSeconds();

  // Groups

  int groups();

  /** Dense number of the group's model; several groups may share one. */
  int model(int group);

  String modelName(int group);

  ModelFamily family(int group);

  // Pools and browsers

  int pools();

  BrowserKind kind(int pool);

  /** Slots of the pool's browsers that are there, busy or not. */
  int poolSlots(int pool);

  int browsers();

  int pool(int browser);

  /** A name that outlives the browser's number, for ties. */
  String browserName(int browser);

  int slots(int browser);

  double memoryMiB(int browser);

  /** Not lost, as far as is known. */
  boolean present(int browser);

  // Load

  int running(int browser);

  /**
   * The task in the {@code i}-th busy slot, 0 ≤ i &lt; {@link #running}; their order may change.
   */
  int runningTask(int browser, int i);

  /** Tasks bound and not started. */
  int bound(int browser);

  /** The task bound longest, or {@link #NONE}. */
  int firstBound(int browser);

  /** The task bound next after this one in the same browser, or {@link #NONE}. */
  int nextBound(int task);

  default int freeSlots(int browser) {
    return present(browser) ? slots(browser) - running(browser) : 0;
  }

  /** Browsers of the pool that are there and have a free slot. */
  int freeBrowsers(int pool);

  /**
   * One of them, 0 ≤ i &lt; {@link #freeBrowsers}; their order changes with every start and end.
   */
  int freeBrowser(int pool, int i);

  // Memory

  boolean resident(int browser, int variant);

  /** Number of variants it has loaded. */
  int residents(int browser);

  /** The {@code i}-th of them, the least recently used first. */
  int residentVariant(int browser, int i);

  double variantMiB(int variant);

  double residentMiB(int browser);

  /** Whether it could start there beside what runs: models in use are never evicted. */
  boolean fits(int browser, int variant);

  /** Whether it could start there and nothing had to be evicted. */
  boolean fitsBeside(int browser, int variant);

  // Tasks

  int group(int task);

  /** Whether it waits, bound to no browser. */
  boolean waits(int task);

  double arrivalSeconds(int task);

  /** Attempts that began and ended badly, with a failure or the loss of the browser. */
  int attempts(int task);

  /** When it began to run; undefined unless it runs. */
  double startedSeconds(int task);

  /** What a running task runs as. */
  int variant(int task);

  /** When it was expected to end, when it began; undefined unless it runs. */
  double expectedEndSeconds(int task);

  /** Where it runs or is bound; -1 while it waits. */
  int browser(int task);

  /** Waiting tasks, not bound to any browser. */
  int waiting();

  int waiting(int group);

  /**
   * Whether a task of the group may start now: one waits, and neither its job's turn nor its job's
   * limit forbids it. What may not start yet is work that is to come all the same.
   */
  default boolean startable(int group) {
    return waiting(group) > 0;
  }

  /** The waiting task of the group that arrived first, or {@link #NONE}. */
  int oldest(int group);

  /** The next of the same group by arrival, or {@link #NONE}. */
  int next(int task);
}
