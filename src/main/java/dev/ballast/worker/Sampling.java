package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.model.Adapter;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.Verdict;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.measure.Judge;
import dev.ballast.worker.measure.Measurement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What was seen while samples were taken, block by block. */
final class Sampling {
  /** A pause between two iterations that follow each other at once is no page at work. */
  private static final double LONG_GAP_MILLIS = 100;

  private final AttemptDraft draft;
  private final List<Measurement.Block> blocks = new ArrayList<>();
  private int warmedUp;
  private double millis;
  private boolean finite = true;
  private OptionalDouble timerResolutionMillis = OptionalDouble.empty();
  private OptionalDouble lastWarmupMillis = OptionalDouble.empty();

  Sampling(AttemptDraft draft) {
    this.draft = draft;
  }

  /** Iterations that came before the first sample and do not count. */
  void warmedUp(double... runs) {
    warmedUp += runs.length;
    for (double run : runs) {
      draft.clock.add(Phase.WARMUP, run);
      lastWarmupMillis = OptionalDouble.of(run);
    }
  }

  /** Takes a block down. */
  void add(JsonNode block, MeasuringRoom.Surroundings surroundings) {
    List<Double> samples = new ArrayList<>();
    block.path("samples").forEach(sample -> samples.add(sample.asDouble()));
    double sampled = samples.stream().mapToDouble(Double::doubleValue).sum();
    double[] thrownAway = numbers(block.path("discarded"));
    if (blocks.isEmpty()) {
      warmedUp(thrownAway);
    } else {
      draft.clock.add(Phase.WARMUP, java.util.Arrays.stream(thrownAway).sum());
    }
    millis += sampled;
    draft.clock.add(Phase.WARM_RUNS, sampled);
    draft.samples.addAll(samples);
    finite &= block.path("finite").asBoolean(true);
    if (block.path("timerResolutionMillis").isNumber()) {
      timerResolutionMillis = OptionalDouble.of(block.path("timerResolutionMillis").asDouble());
    }
    boolean hidden = block.path("hidden").asText().equals("hidden");
    int longGaps = block.path("longestGapMillis").asDouble() > LONG_GAP_MILLIS ? 1 : 0;
    blocks.add(
        new Measurement.Block(
            samples,
            surroundings.load(),
            surroundings.turnHeld(),
            surroundings.overlapped(),
            new Measurement.PageState(hidden, longGaps)));
  }

  /** Samples so far, by block. */
  List<double[]> blocks() {
    return blocks.stream()
        .map(block -> block.samples().stream().mapToDouble(Double::doubleValue).toArray())
        .toList();
  }

  /** Time in samples so far. */
  Duration elapsed() {
    return Duration.ofNanos((long) (millis * 1e6));
  }

  OptionalDouble lastWarmupMillis() {
    return lastWarmupMillis;
  }

  /** What the samples are worth; {@code checked} is what the page found out about its output. */
  Verdict judge(JsonNode checked, Optional<Adapter> adapter, boolean randomWeights) {
    Assignment assignment = draft.assignment();
    Optional<Backend> actual = Optional.ofNullable(draft.actualBackend);
    Measurement.Output output =
        new Measurement.Output(
            finite && checked.path("finite").asBoolean(true),
            number(checked.path("maxError")),
            number(checked.path("tolerance")));
    return Judge.judge(
        new Measurement(
            assignment.run(),
            assignment.backend(),
            actual,
            Set.copyOf(assignment.allowedFallbacks()),
            adapter,
            output,
            warmedUp,
            timerResolutionMillis,
            randomWeights,
            blocks));
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int index = 0; index < values.length; index++) {
      values[index] = array.get(index).asDouble();
    }
    return values;
  }
}
