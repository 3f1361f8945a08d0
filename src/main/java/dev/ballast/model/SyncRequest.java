package dev.ballast.model;

import java.util.List;
import java.util.Map;

/**
 * What goes up in one exchange of the worker protocol. The exchange is idempotent: it tells the
 * worker's whole state.
 *
 * @param incarnation new at every start of the worker's process
 * @param sequence grows by one with every exchange of an incarnation; an older one is refused
 * @param machine identifies the machine, so that workers beside each other are known to be so
 * @param slots attempts at a time, ≥ 1
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
  public SyncRequest {
    poolLabels = Map.copyOf(poolLabels);
    started = List.copyOf(started);
    notStarted = List.copyOf(notStarted);
    returned = List.copyOf(returned);
    reports = List.copyOf(reports);
  }
}
