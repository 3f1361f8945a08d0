package dev.ballast.worker;

import dev.ballast.model.Phases;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Adds up where the time of one attempt goes; what no phase claims is overhead. Milliseconds. */
final class PhaseClock {
  /** The phases a worker can see. */
  enum Phase {
    BROWSER_START,
    DOWNLOAD,
    SESSION_CREATE,
    FIRST_RUN,
    WARMUP,
    WARM_RUNS,
    TURN
  }

  private final long startedNanos = System.nanoTime();
  private final Map<Phase, Double> spent = new EnumMap<>(Phase.class);

  void add(Phase phase, double millis) {
    spent.merge(phase, millis, Double::sum);
  }

  double spent(Phase phase) {
    return spent.getOrDefault(phase, 0.0);
  }

  double elapsedMillis() {
    return (System.nanoTime() - startedNanos) / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  /**
   * The phases of an attempt that ended {@code wall} milliseconds after its start; queue and
   * placement are the controller's to fill in.
   */
  Phases phases(double wall) {
    double claimed = spent.values().stream().mapToDouble(Double::doubleValue).sum();
    return new Phases(
        0,
        0,
        spent(Phase.BROWSER_START),
        spent(Phase.DOWNLOAD),
        spent(Phase.SESSION_CREATE),
        spent(Phase.FIRST_RUN),
        spent(Phase.WARMUP),
        spent(Phase.WARM_RUNS),
        spent(Phase.TURN),
        Math.max(0, wall - claimed));
  }
}
