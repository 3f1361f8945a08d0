package dev.ballast.simulate.protocol;

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
import java.util.ArrayList;
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
public final class ProtocolWorker {
  private final Site site;
  private final RandomGenerator random;
  private final Map<AttemptId, Assignment> bound = new LinkedHashMap<>();
  private final Map<AttemptId, Assignment> running = new LinkedHashMap<>();
  private final Map<AttemptId, AttemptReport> unacknowledged = new LinkedHashMap<>();
  private final Set<AttemptId> returned = new LinkedHashSet<>();
  private final Set<AttemptId> over = new HashSet<>();
  private List<String> residentModels = List.of();
  private int incarnation = 1;
  private Instant born = Instant.EPOCH;
  private String life;
  private long sequence;
  private long epoch;
  private boolean draining;

  /**
   * What a worker is.
   *
   * @param memoryBytes what its browser may use
   */
  public record Site(
      WorkerId id,
      String pool,
      BrowserKind kind,
      int slots,
      long memoryBytes,
      List<Backend> backends,
      Optional<Adapter> adapter) {
    public Site {
      backends = List.copyOf(backends);
    }
  }

  /** {@code random}: names its lives. */
  public ProtocolWorker(Site site, RandomGenerator random) {
    this.site = site;
    this.random = random;
    this.life = Incarnation.at(born, random);
  }

  public WorkerId id() {
    return site.id();
  }

  public Site site() {
    return site;
  }

  /** The number of its present life, from 1. */
  public int incarnation() {
    return incarnation;
  }

  /** What it says now, under the next number. */
  public SyncRequest request(int waitMillis) {
    sequence++;
    return new SyncRequest(
        site.id(),
        life,
        sequence,
        site.pool(),
        Map.of(),
        "machine-" + site.id(),
        "linux",
        site.slots(),
        draining,
        browser(),
        new Capability(
            site.backends(),
            site.adapter(),
            List.of(),
            true,
            true,
            true,
            OptionalDouble.of(0.1),
            OptionalLong.of(site.memoryBytes())),
        new BrowserMetrics(
            OptionalDouble.empty(),
            OptionalLong.empty(),
            running.size(),
            residentModels,
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
  public boolean accepts(SyncResponse response) {
    return response.epoch() >= epoch;
  }

  /** Takes an answer in, in whatever order and however often answers come; what it stops by it. */
  public List<AttemptId> take(SyncResponse response) {
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

  /** Starts what is bound, the oldest first, while slots are free; what it started. */
  public List<Assignment> startAll() {
    List<Assignment> started = new ArrayList<>();
    for (Assignment next : List.copyOf(bound.values())) {
      if (running.size() < site.slots()) {
        bound.remove(next.attempt());
        running.put(next.attempt(), next);
        started.add(next);
      }
    }
    return started;
  }

  /** Ends a running attempt; its report waits for the next exchange. */
  public void finish(AttemptId attempt, Outcome outcome, Effort effort) {
    Assignment assignment = running.remove(attempt);
    if (assignment == null) {
      throw new IllegalStateException("%s does not run on %s".formatted(attempt, site.id()));
    }
    over.add(attempt);
    unacknowledged.put(
        attempt, new AttemptReport(effort.result(assignment, browser(), site.id(), outcome), null));
  }

  /** These are loaded from now on, as {@link BrowserMetrics#residentModels}. */
  public void loaded(List<String> models) {
    residentModels = List.copyOf(models);
  }

  /** Whether it would tell more now than it told then. */
  public boolean hasNewsSince(SyncRequest told) {
    return !told.started().equals(List.copyOf(running.keySet()))
        || !told.notStarted().equals(List.copyOf(bound.keySet()))
        || !told.returned().containsAll(returned)
        || !told.reports().containsAll(unacknowledged.values());
  }

  /**
   * Its newest exchange was called stale, so that a former life of it was heard last: it joins anew
   * with all it holds.
   */
  public void rejoin(long refused) {
    if (refused == sequence) {
      begin();
    }
  }

  /** The process dies and comes back; only its reports survive. */
  public void restart() {
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

  public boolean holds(AttemptId attempt) {
    return bound.containsKey(attempt) || running.containsKey(attempt);
  }

  public List<AttemptId> running() {
    return List.copyOf(running.keySet());
  }

  public List<AttemptId> bound() {
    return List.copyOf(bound.keySet());
  }

  public boolean draining() {
    return draining;
  }

  private BrowserInstance browser() {
    return new BrowserInstance(
        site.kind(), "1.0", site.id() + "-browser-" + incarnation, List.of());
  }
}
