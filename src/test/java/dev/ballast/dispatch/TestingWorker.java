package dev.ballast.dispatch;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Outcome;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * An agent without a browser: it keeps the worker's side of the protocol and runs what it is told
 * to run, when it is told to.
 */
@NullMarked
public final class TestingWorker {
  public final WorkerId id;
  public final int slots;
  private final BrowserKind kind;
  private final String pool;
  private final Map<String, String> labels;
  private final List<Backend> backends;
  private final boolean software;
  private final long memoryBytes;

  private final Map<AttemptId, Assignment> bound = new LinkedHashMap<>();
  private final Map<AttemptId, Assignment> running = new LinkedHashMap<>();
  private final Map<AttemptId, AttemptReport> unacknowledged = new LinkedHashMap<>();
  private final Set<String> resident = new LinkedHashSet<>();
  private final Set<AttemptId> returned = new LinkedHashSet<>();
  private final Set<AttemptId> over = new LinkedHashSet<>();
  private final List<AttemptId> everStarted = new ArrayList<>();
  private final List<AttemptId> cancelled = new ArrayList<>();
  private int incarnation = 1;
  private long sequence;
  private boolean draining;
  private long tasksDone;
  private OptionalLong usedBytes = OptionalLong.empty();

  public TestingWorker(
      String name,
      String pool,
      Map<String, String> labels,
      BrowserKind kind,
      int slots,
      List<Backend> backends,
      boolean software) {
    this(name, pool, labels, kind, slots, backends, software, 1L << 30);
  }

  public TestingWorker(
      String name,
      String pool,
      Map<String, String> labels,
      BrowserKind kind,
      int slots,
      List<Backend> backends,
      boolean software,
      long memoryBytes) {
    this.memoryBytes = memoryBytes;
    this.id = new WorkerId(name);
    this.pool = pool;
    this.labels = labels;
    this.kind = kind;
    this.slots = slots;
    this.backends = backends;
    this.software = software;
  }

  public BrowserInstance browser() {
    return Examples.browser(kind);
  }

  /** What it would say now, with the next number. */
  public SyncRequest request(int waitMillis) {
    sequence++;
    return new SyncRequest(
        id,
        id + "-" + incarnation,
        sequence,
        pool,
        labels,
        "machine-" + id,
        "linux",
        slots,
        draining,
        browser(),
        Examples.capability(backends, software, memoryBytes),
        new BrowserMetrics(
            OptionalDouble.empty(),
            usedBytes,
            0,
            List.copyOf(resident),
            tasksDone,
            Duration.ofMinutes(1),
            true),
        List.copyOf(running.keySet()),
        List.copyOf(bound.keySet()),
        List.copyOf(returned),
        List.copyOf(unacknowledged.values()),
        waitMillis);
  }

  /** Takes an answer in, in whatever order and however often it comes. */
  public void take(SyncResponse response) {
    response.acknowledged().forEach(unacknowledged::remove);
    returned.retainAll(response.revocations());
    for (AttemptId attempt : response.revocations()) {
      if (running.containsKey(attempt) || unacknowledged.containsKey(attempt)) {
        continue;
      }
      bound.remove(attempt);
      over.add(attempt);
      returned.add(attempt);
    }
    for (AttemptId attempt : response.cancellations()) {
      if (running.remove(attempt) != null || bound.remove(attempt) != null) {
        cancelled.add(attempt);
      }
      over.add(attempt);
    }
    draining |= response.drain();
    for (Assignment assignment : response.assignments()) {
      AttemptId attempt = assignment.attempt();
      if (!over.contains(attempt) && !running.containsKey(attempt)) {
        bound.putIfAbsent(attempt, assignment);
      }
    }
  }

  /** Starts bound attempts, the oldest first, while slots are free. */
  public void startAll() {
    for (Assignment next : List.copyOf(bound.values())) {
      if (running.size() < slots) {
        bound.remove(next.attempt());
        running.put(next.attempt(), next);
        everStarted.add(next.attempt());
        resident.add(BrowserMetrics.resident(next.model().name(), next.backend()));
      }
    }
  }

  /** Ends a running attempt; its report waits for the next exchange. */
  public void finish(AttemptId attempt, Outcome outcome, Instant startedAt, double millis) {
    Assignment assignment = running.remove(attempt);
    if (assignment == null) {
      throw new IllegalStateException("%s does not run on %s".formatted(attempt, id));
    }
    over.add(attempt);
    tasksDone++;
    AttemptResult result =
        Examples.result(
            attempt,
            assignment.model(),
            assignment.backend(),
            browser(),
            id.name(),
            outcome,
            startedAt,
            millis);
    unacknowledged.put(attempt, new AttemptReport(result, null));
  }

  /** What its browser uses from now on. */
  public void uses(long bytes) {
    usedBytes = OptionalLong.of(bytes);
  }

  /** Takes nothing new, finishes what runs. */
  public void drain() {
    draining = true;
  }

  /** The process dies and comes back; only reports survive. */
  public void restart() {
    incarnation++;
    sequence = 0;
    tasksDone = 0;
    draining = false;
    over.addAll(bound.keySet());
    over.addAll(running.keySet());
    bound.clear();
    running.clear();
    returned.clear();
  }

  public List<Assignment> bound() {
    return List.copyOf(bound.values());
  }

  public List<Assignment> running() {
    return List.copyOf(running.values());
  }

  public List<AttemptReport> unacknowledged() {
    return List.copyOf(unacknowledged.values());
  }

  public List<AttemptId> cancelled() {
    return List.copyOf(cancelled);
  }

  /** In the order of their starts. */
  public List<AttemptId> everStarted() {
    return List.copyOf(everStarted);
  }

  public boolean draining() {
    return draining;
  }
}
