package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.model.Adapter;
import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.Verdict;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.measure.ClockStep;
import dev.ballast.worker.measure.Judge;
import dev.ballast.worker.measure.Measurement;
import dev.ballast.worker.measure.SamplingPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.DoubleStream;

/** What was seen while samples were taken, block by block. */
final class Sampling {
  private final AttemptDraft draft;
  private final List<Measurement.Block> blocks = new ArrayList<>();
  private int warmedUp;
  private int inferencesPerSample = 1;
  private double millis;
  private boolean finite = true;
  private OptionalDouble timerResolutionMillis = OptionalDouble.empty();
  private OptionalDouble expectedMillis = OptionalDouble.empty();
  private final List<AttemptResult.Block> told = new ArrayList<>();

  Sampling(AttemptDraft draft) {
    this.draft = draft;
  }

  /** Iterations that came before the first sample and do not count. */
  void warmedUp(double... runs) {
    warmedUp += runs.length;
    draft.clock.add(Phase.WARMUP, Arrays.stream(runs).sum());
    if (runs.length > 0) {
      double[] sorted = runs.clone();
      Arrays.sort(sorted);
      expectedMillis = OptionalDouble.of(sorted[runs.length / 2]);
    }
  }

  /** The step of the page's clock, once the page has told it. */
  void timerResolution(JsonNode millis) {
    if (millis.isNumber()) {
      timerResolutionMillis = OptionalDouble.of(millis.asDouble());
    }
  }

  /** As {@link #timerResolution}, for a page that measured itself and may not have told. */
  void timerResolutionOfOwnPage(JsonNode samples) {
    timerResolution(samples.path("timerResolutionMillis"));
    if (timerResolutionMillis.isEmpty()) {
      OptionalDouble seen = ClockStep.seenIn(numbers(samples.path("samples")));
      int inferences = Math.max(1, samples.path("inferencesPerSample").asInt(1));
      timerResolutionMillis =
          seen.isPresent() ? OptionalDouble.of(seen.getAsDouble() * inferences) : seen;
    }
  }

  /**
   * How many inferences make one sample from now on, so that the clock's step is small beside it.
   */
  int batch() {
    if (expectedMillis.isPresent() && timerResolutionMillis.isPresent()) {
      inferencesPerSample =
          SamplingPlan.inferencesPerSample(
              expectedMillis.getAsDouble(), timerResolutionMillis.getAsDouble());
    }
    return inferencesPerSample;
  }

  /** Takes a block down. */
  void add(
      JsonNode block,
      MeasuringRoom.Surroundings surroundings,
      double startMillis,
      double endMillis) {
    List<Double> samples = new ArrayList<>();
    block.path("samples").forEach(sample -> samples.add(sample.asDouble()));
    inferencesPerSample = Math.max(1, block.path("inferencesPerSample").asInt(inferencesPerSample));
    double sampled = samples.stream().mapToDouble(Double::doubleValue).sum() * inferencesPerSample;
    double[] thrownAway = numbers(block.path("discarded"));
    if (blocks.isEmpty()) {
      warmedUp(thrownAway);
    } else {
      draft.clock.add(Phase.WARMUP, Arrays.stream(thrownAway).sum());
    }
    millis += sampled;
    draft.clock.add(Phase.WARM_RUNS, sampled);
    draft.samples.addAll(samples);
    finite &= block.path("finite").asBoolean(true);
    timerResolution(block.path("timerResolutionMillis"));
    boolean hidden = block.path("hidden").asText().equals("hidden");
    told.add(surroundings.told(startMillis, endMillis, samples.size()));
    draft.sampling =
        new AttemptResult.Sampling(
            inferencesPerSample,
            timerResolutionMillis.isPresent() ? timerResolutionMillis.getAsDouble() : null,
            warmedUp,
            told);
    blocks.add(
        new Measurement.Block(
            samples,
            surroundings.load(),
            surroundings.turnHeld(),
            surroundings.overlapped(),
            new Measurement.PageState(hidden, block.path("longGaps").asInt(0))));
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

  /** Of one inference, as the warm-up says. */
  OptionalDouble expectedMillis() {
    return expectedMillis;
  }

  /** What the samples are worth; {@code checked} is what the page found out about its output. */
  Verdict judge(JsonNode checked, Optional<Adapter> adapter, boolean randomWeights) {
    Assignment assignment = draft.assignment();
    Optional<Backend> actual = Optional.ofNullable(draft.actualBackend);
    Measurement.Output output =
        new Measurement.Output(
            finite && checked.path("finite").asBoolean(true),
            checked.path("matches").isBoolean() && !checked.path("matches").asBoolean(),
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
            timerResolutionMillis.isPresent()
                ? OptionalDouble.of(timerResolutionMillis.getAsDouble() / inferencesPerSample)
                : timerResolutionMillis,
            randomWeights,
            blocks));
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  /** All runs of a block, whether they were to count or not, in the order they were made. */
  static double[] runs(JsonNode block) {
    return DoubleStream.concat(
            Arrays.stream(numbers(block.path("discarded"))),
            Arrays.stream(numbers(block.path("samples"))))
        .toArray();
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int index = 0; index < values.length; index++) {
      values[index] = array.get(index).asDouble();
    }
    return values;
  }
}
