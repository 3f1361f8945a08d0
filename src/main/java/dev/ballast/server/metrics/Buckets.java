package dev.ballast.server.metrics;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Upper bounds of the histograms, in milliseconds: where people ask whether it was still quick. */
enum Buckets {
  WAIT(5, 25, 100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000),
  RUN(50, 250, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000),
  DECISION(0.01, 0.05, 0.1, 0.5, 1, 5, 25, 100),
  COMMIT(1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 5_000);

  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of immutable values
  private final List<Duration> bounds;

  Buckets(double... millis) {
    bounds =
        Arrays.stream(millis).mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e6))).toList();
  }

  Timer.Builder timer(Metric metric) {
    return Timer.builder(metric.meter())
        .description(metric.help())
        .serviceLevelObjectives(bounds.toArray(Duration[]::new));
  }
}
