package dev.ballast.simulate.torture;

import dev.ballast.model.Adapter;
import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Capability;
import dev.ballast.model.Incarnation;
import dev.ballast.model.Outcome;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The worker's side of the protocol, without a browser: it runs what it is given when it is told
 * to.
 */
final class TortureWorker {
  final WorkerId id;
  final int slots;
  final long memoryBytes;
  private final BrowserKind kind;
  private final RandomGenerator random;
  private final Map<AttemptId, Assignment> bound = new LinkedHashMap<>();
  private final Map<AttemptId, Assignment> running = new LinkedHashMap<>();
  private final Map<AttemptId, AttemptReport> unacknowledged = new LinkedHashMap<>();
  private final Set<AttemptId> returned = new LinkedHashSet<>();
  private final Set<AttemptId> over = new HashSet<>();
  private int incarnation = 1;
  private Instant born = Instant.EPOCH;
  private String life;
  private long sequence;
  private long epoch;
  private boolean draining;

  /** Says nothing until then, and takes nothing in: a frozen process, or a cable pulled out. */
  Instant frozenUntil = Instant.MIN;

  TortureWorker(
      String name, BrowserKind kind, int slots, long memoryBytes, RandomGenerator random) {
    this.random = random;
    this.life = Incarnation.at(born, random);
    this.id = new WorkerId(name);
    this.kind = kind;
    this.slots = slots;
    this.memoryBytes = memoryBytes;
  }

  int incarnation() {
    return incarnation;
  }

  /** What it says now, under the next number. */
  SyncRequest request(int waitMillis) {
    sequence++;
    return new SyncRequest(
        id,
        life,
        sequence,
        kind + "-pool",
        Map.of(),
        "machine-" + id,
        "linux",
        slots,
        draining,
        browser(),
        new Capability(
            List.of(Backend.WASM, Backend.WEBGPU),
            Optional.of(new Adapter("acme", "gen1", "Acme GPU", true)),
            List.of(),
            true,
            true,
            true,
            OptionalDouble.of(0.1),
            OptionalLong.of(memoryBytes)),
        new BrowserMetrics(
            OptionalDouble.empty(),
            OptionalLong.empty(),
            running.size(),
            List.of(),
            0,
            Duration.ofMinutes(1),
            true),
        List.copyOf(running.keySet()),
        List.copyOf(bound.keySet()),
        List.copyOf(returned),
        List.copyOf(unacknowledged.values()),
        waitMillis);
  }

  /** A deposed controller does not know what its successor has assigned: it is not believed. */
  boolean accepts(SyncResponse response) {
    return response.epoch() >= epoch;
  }

  /** Takes an answer in, in whatever order and however often answers come; what it stops by it. */
  List<AttemptId> take(SyncResponse response) {
    if (!accepts(response)) {
      return List.of();
    }
    epoch = response.epoch();
    response.acknowledged().forEach(unacknowledged::remove);
    returned.retainAll(response.revocations());
    for (AttemptId attempt : response.revocations()) {
      if (!running.containsKey(attempt) && !unacknowledged.containsKey(attempt)) {
        bound.remove(attempt);
        over.add(attempt);
        returned.add(attempt);
      }
    }
    List<AttemptId> stopped =
        response.cancellations().stream().filter(running::containsKey).toList();
    for (AttemptId attempt : response.cancellations()) {
      running.remove(attempt);
      bound.remove(attempt);
      over.add(attempt);
    }
    draining |= response.drain();
    for (Assignment assignment : response.assignments()) {
      if (!over.contains(assignment.attempt()) && !running.containsKey(assignment.attempt())) {
        bound.putIfAbsent(assignment.attempt(), assignment);
      }
    }
    return stopped;
  }

  /** Starts what is bound, the oldest first, while slots are free. */
  void startAll() {
    for (Assignment next : List.copyOf(bound.values())) {
      if (running.size() < slots) {
        bound.remove(next.attempt());
        running.put(next.attempt(), next);
      }
    }
  }

  /** Ends a running attempt; its report waits for the next exchange. */
  void finish(AttemptId attempt, Outcome outcome, Instant now, double millis) {
    Assignment assignment = running.remove(attempt);
    if (assignment == null) {
      throw new IllegalStateException("%s does not run on %s".formatted(attempt, id));
    }
    over.add(attempt);
    unacknowledged.put(
        attempt,
        new AttemptReport(
            TortureResults.of(assignment, browser(), id, outcome, now, millis), null));
  }

  /**
   * Its newest exchange was called stale, so that a former life of it was heard last: it joins anew
   * with all it holds.
   */
  void rejoin(long refused) {
    if (refused == sequence) {
      begin();
    }
  }

  /** The process dies and comes back; only its reports survive. */
  void restart() {
    incarnation++;
    begin();
    draining = false;
    over.addAll(bound.keySet());
    over.addAll(running.keySet());
    bound.clear();
    running.clear();
    returned.clear();
  }

  private void begin() {
    born = born.plusSeconds(1);
    life = Incarnation.at(born, random);
    sequence = 0;
  }

  boolean holds(AttemptId attempt) {
    return bound.containsKey(attempt) || running.containsKey(attempt);
  }

  List<AttemptId> running() {
    return List.copyOf(running.keySet());
  }

  List<AttemptId> bound() {
    return List.copyOf(bound.keySet());
  }

  boolean draining() {
    return draining;
  }

  private BrowserInstance browser() {
    return new BrowserInstance(kind, "1.0", id + "-browser-" + incarnation, List.of());
  }
}
