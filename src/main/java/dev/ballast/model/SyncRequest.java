package dev.ballast.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/**
 * What goes up in one exchange of the worker protocol. The exchange is idempotent: it tells the
 * worker's whole state.
 *
 * @param incarnation new at every start of the worker's process
 * @param sequence grows by one with every exchange of an incarnation; an older one is refused
 * @param machine identifies the machine, so that workers beside each other are known to be so
 * @param pool 1–320 characters
 * @param slots attempts at a time, 1–1,024
 * @param started attempts that run now
 * @param notStarted attempts that were assigned and have not started
 * @param returned revoked attempts that had not started and now never will here
 * @param waitMillis how long the answer may be held back when there is nothing to say, 0–20,000
 */
public record SyncRequest(
    WorkerId worker,
    String incarnation,
    long sequence,
    String pool,
    Map<String, String> poolLabels,
    String machine,
    String os,
    int slots,
    boolean draining,
    BrowserInstance browser,
    Capability capability,
    BrowserMetrics metrics,
    List<AttemptId> started,
    List<AttemptId> notStarted,
    List<AttemptId> returned,
    List<AttemptReport> reports,
    int waitMillis) {
  /** Sixteen times what a pool may ask for; for each, the controller keeps something. */
  private static final int MOST_SLOTS = 1024;

  /** A namespace and a name of Kubernetes, with some room. */
  private static final int LONGEST_POOL = 320;

  public SyncRequest {
    requireNonNull(worker, "worker");
    requireNonNull(incarnation, "incarnation");
    requireNonNull(machine, "machine");
    requireNonNull(os, "os");
    requireNonNull(browser, "browser");
    requireNonNull(capability, "capability");
    requireNonNull(metrics, "metrics");
    if (slots < 1 || slots > MOST_SLOTS) {
      throw new IllegalArgumentException(
          "slots (%d) must lie in 1–%d".formatted(slots, MOST_SLOTS));
    }
    if (pool.isBlank() || pool.length() > LONGEST_POOL) {
      throw new IllegalArgumentException(
          "pool (%d characters) must be a name of 1–%d".formatted(pool.length(), LONGEST_POOL));
    }
    poolLabels = Map.copyOf(poolLabels);
    started = List.copyOf(started);
    notStarted = List.copyOf(notStarted);
    returned = List.copyOf(returned);
    reports = List.copyOf(reports);
  }

  /** The same from a worker of a pool with these labels. */
  public SyncRequest withPoolLabels(Map<String, String> labels) {
    return new SyncRequest(
        worker,
        incarnation,
        sequence,
        pool,
        labels,
        machine,
        os,
        slots,
        draining,
        browser,
        capability,
        metrics,
        started,
        notStarted,
        returned,
        reports,
        waitMillis);
  }
}
