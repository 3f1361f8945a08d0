package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.measure.MachineLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What was seen while samples were taken, block by block. */
final class Sampling {
  private final AttemptDraft draft;
  private final List<double[]> blocks = new ArrayList<>();
  private final List<Double> othersCores = new ArrayList<>();
  private int discardedFirst;
  private double millis;
  private double longestGapMillis;
  private double throttledRatio;
  private boolean hidden;
  private boolean finite = true;
  private OptionalDouble timerResolutionMillis = OptionalDouble.empty();

  Sampling(AttemptDraft draft) {
    this.draft = draft;
  }

  /** Takes a block down; {@code before} and {@code after} are the machine's load around it. */
  void add(JsonNode block, Optional<MachineLoad.Reading> before, Optional<MachineLoad.Reading> after) {
    double[] samples = numbers(block.path("samples"));
    double[] thrownAway = numbers(block.path("discarded"));
    if (blocks.isEmpty()) {
      discardedFirst = thrownAway.length;
    }
    blocks.add(samples);
    double sampled = sum(samples);
    double warmed = sum(thrownAway);
    millis += sampled + warmed;
    draft.clock.add(Phase.WARM_RUNS, sampled);
    draft.clock.add(Phase.WARMUP, warmed);
    for (double sample : samples) {
      draft.samples.add(sample);
    }
    hidden |= block.path("hidden").asText().equals("hidden");
    finite &= block.path("finite").asBoolean(true);
    longestGapMillis = Math.max(longestGapMillis, block.path("longestGapMillis").asDouble());
    if (block.path("timerResolutionMillis").isNumber()) {
      timerResolutionMillis = OptionalDouble.of(block.path("timerResolutionMillis").asDouble());
    }
    if (before.isPresent() && after.isPresent()) {
      after.get().othersCoresSince(before.get()).ifPresent(othersCores::add);
      throttledRatio = Math.max(throttledRatio, after.get().throttledRatioSince(before.get()));
    }
  }

  List<double[]> blocks() {
    return blocks;
  }

  double[] samples() {
    return blocks.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  /** Iterations thrown away before the first sample. */
  int warmedUp() {
    return discardedFirst;
  }

  /** Time in iterations so far, those thrown away included. */
  double millis() {
    return millis;
  }

  double longestGapMillis() {
    return longestGapMillis;
  }

  double throttledRatio() {
    return throttledRatio;
  }

  boolean hidden() {
    return hidden;
  }

  boolean finite() {
    return finite;
  }

  OptionalDouble timerResolutionMillis() {
    return timerResolutionMillis;
  }

  /** Cores that others kept busy, on average over the blocks that were long enough to tell. */
  OptionalDouble othersCores() {
    return othersCores.stream().mapToDouble(Double::doubleValue).average();
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int index = 0; index < values.length; index++) {
      values[index] = array.get(index).asDouble();
    }
    return values;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
