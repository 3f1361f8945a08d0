package dev.ballast.cli.load;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Capability;
import dev.ballast.model.Incarnation;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.Verdict;
import dev.ballast.model.WorkerId;
import dev.ballast.worker.Controller;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * A worker without a browser: every attempt ends at once, with success and no measurement. It
 * speaks the worker protocol, and keeps its reports until they are acknowledged.
 */
final class LoadWorker implements Runnable {
  private static final Duration RETRY = Duration.ofMillis(100);

  private final WorkerId id;
  private final Place place;
  private final Consumer<Assignment> whenAssigned;
  private final int slots;
  private final Controller controller;
  private final Counts counts;
  private final String incarnation = Incarnation.at(Instant.now(), ThreadLocalRandom.current());
  private final Map<AttemptId, Assignment> held = new LinkedHashMap<>();
  private final Map<AttemptId, AttemptReport> unacknowledged = new LinkedHashMap<>();
  private final Set<AttemptId> returned = new HashSet<>();
  private long sequence;
  private long epoch;
  private volatile boolean stopped;

  /** What all workers did together. */
  record Counts(LongAdder assigned, LongAdder acknowledged, LongAdder failedExchanges) {
    Counts() {
      this(new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  /** The pool that a worker says it is of, and what its browser would be. */
  record Place(String pool, Map<String, String> labels, BrowserKind kind) {
    static final Place NOWHERE = new Place("simulated", Map.of(), new BrowserKind("simulated"));
  }

  LoadWorker(String name, int slots, Controller controller, Counts counts) {
    this(name, Place.NOWHERE, slots, controller, counts, _ -> {});
  }

  /** {@code whenAssigned}: told of every assignment, on the worker's thread. */
  LoadWorker(
      String name,
      Place place,
      int slots,
      Controller controller,
      Counts counts,
      Consumer<Assignment> whenAssigned) {
    this.id = new WorkerId(name);
    this.place = place;
    this.whenAssigned = whenAssigned;
    this.slots = slots;
    this.controller = controller;
    this.counts = counts;
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        exchange();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void stop() {
    stopped = true;
  }

  /** One exchange; what it brought is done before the next. */
  void exchange() throws InterruptedException {
    SyncRequest request = request();
    try {
      take(request, controller.sync(request).get(30, TimeUnit.SECONDS));
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      // The controller is away, which is what some of these runs are about: it is asked again.
      counts.failedExchanges().increment();
      TimeUnit.MILLISECONDS.sleep(RETRY.toMillis());
    }
  }

  private void take(SyncRequest request, SyncResponse response) {
    if (response.epoch() < epoch) {
      return;
    }
    epoch = response.epoch();
    for (AttemptId attempt : response.acknowledged()) {
      if (unacknowledged.remove(attempt) != null) {
        counts.acknowledged().increment();
      }
    }
    request.returned().forEach(returned::remove);
    for (AttemptId attempt : response.revocations()) {
      held.remove(attempt);
      returned.add(attempt);
    }
    response.cancellations().forEach(held::remove);
    for (Assignment assignment : response.assignments()) {
      if (!unacknowledged.containsKey(assignment.attempt())) {
        held.put(assignment.attempt(), assignment);
        counts.assigned().increment();
        whenAssigned.accept(assignment);
      }
    }
    for (Assignment assignment : List.copyOf(held.values())) {
      long begun = System.nanoTime();
      held.remove(assignment.attempt());
      double millis = (System.nanoTime() - begun) / 1e6;
      unacknowledged.put(assignment.attempt(), new AttemptReport(result(assignment, millis), null));
    }
  }

  private SyncRequest request() {
    sequence++;
    return new SyncRequest(
        id,
        incarnation,
        sequence,
        place.pool(),
        place.labels(),
        "load",
        "none",
        slots,
        false,
        new BrowserInstance(place.kind(), "1", id.name(), List.of()),
        new Capability(
            List.of(Backend.WASM),
            Optional.empty(),
            List.of(),
            true,
            true,
            true,
            OptionalDouble.empty(),
            OptionalLong.of(4L << 30)),
        new BrowserMetrics(
            OptionalDouble.empty(),
            OptionalLong.empty(),
            0,
            List.of(),
            0,
            Duration.ofMinutes(1),
            true),
        List.of(),
        List.copyOf(held.keySet()),
        List.copyOf(returned),
        List.copyOf(unacknowledged.values()),
        unacknowledged.isEmpty() ? 2_000 : 0);
  }

  private AttemptResult result(Assignment assignment, double millis) {
    return new AttemptResult(
        AttemptResult.SCHEMA,
        assignment.namespace(),
        assignment.job(),
        assignment.attempt().task().job(),
        assignment.attempt().task().index(),
        assignment.attempt().number(),
        assignment.attempt().epoch(),
        new AttemptResult.Model(assignment.model().name(), assignment.model().family(), null),
        null,
        new AttemptResult.Backends(assignment.backend(), assignment.backend()),
        new BrowserInstance(place.kind(), "1", id.name(), List.of()),
        null,
        id.name(),
        null,
        "none",
        Instant.now(),
        new Phases(0, 0, 0, 0, 0, 0, 0, 0, 0, millis),
        millis,
        true,
        List.of(),
        null,
        null,
        null,
        null,
        Outcome.SUCCEEDED,
        null,
        null,
        Verdict.TRUSTED);
  }
}
