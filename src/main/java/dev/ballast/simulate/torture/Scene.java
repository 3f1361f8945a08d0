package dev.ballast.simulate.torture;

import dev.ballast.model.Adapter;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.WorkerId;
import dev.ballast.simulate.protocol.ProtocolWorker;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Who is there in a run, what time it truly is, and the seed that everything is drawn from. */
final class Scene {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final long seed;
  final SplittableRandom random;
  final Map<WorkerId, ProtocolWorker> workers = new LinkedHashMap<>();
  final Wire wire = new Wire();
  final Tally tally = new Tally();
  private final Map<WorkerId, Instant> frozenUntil = new HashMap<>();
  private final Trace trace;
  Instant now = START;

  /** {@code written}: the run is told in words. */
  Scene(long seed, boolean written) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.trace = new Trace(START, written);
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      // The first can run whatever is asked for, so that every job can end.
      BrowserKind kind =
          i == 0 || random.nextBoolean() ? BrowserKind.CHROMIUM : BrowserKind.FIREFOX;
      long memory = i == 0 || random.nextBoolean() ? 4L << 30 : 1L << 30;
      ProtocolWorker worker =
          new ProtocolWorker(site("w" + i, kind, 1 + random.nextInt(3), memory), random);
      workers.put(worker.id(), worker);
    }
  }

  private static ProtocolWorker.Site site(
      String name, BrowserKind kind, int slots, long memoryBytes) {
    return new ProtocolWorker.Site(
        new WorkerId(name),
        kind + "-pool",
        kind,
        slots,
        memoryBytes,
        List.of(Backend.WASM, Backend.WEBGPU),
        Optional.of(new Adapter("acme", "gen1", "Acme GPU", true)));
  }

  /** Says nothing until then, and takes nothing in: a frozen process, or a cable pulled out. */
  void freeze(ProtocolWorker worker, Instant until) {
    frozenUntil.put(worker.id(), until);
  }

  void thaw(ProtocolWorker worker) {
    frozenUntil.remove(worker.id());
  }

  boolean isFrozen(ProtocolWorker worker) {
    return now.isBefore(frozenUntil.getOrDefault(worker.id(), Instant.MIN));
  }

  ProtocolWorker anyWorker() {
    return List.copyOf(workers.values()).get(random.nextInt(workers.size()));
  }

  ProtocolWorker find(WorkerId id) {
    ProtocolWorker worker = workers.get(id);
    if (worker == null) {
      throw new IllegalStateException("no worker " + id);
    }
    return worker;
  }

  void say(Supplier<String> what) {
    trace.say(now, what);
  }

  /** What was said. */
  List<String> lines() {
    return trace.lines();
  }
}
