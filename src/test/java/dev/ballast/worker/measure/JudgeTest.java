package dev.ballast.worker.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Adapter;
import dev.ballast.model.Backend;
import dev.ballast.model.RunOptions;
import dev.ballast.model.RunOptions.Isolation;
import dev.ballast.model.Verdict;
import dev.ballast.model.Verdict.Level;
import dev.ballast.model.Verdict.Reason;
import dev.ballast.worker.measure.MachineLoad.Load;
import dev.ballast.worker.measure.Measurement.Block;
import dev.ballast.worker.measure.Measurement.Output;
import dev.ballast.worker.measure.Measurement.PageState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final Adapter HARDWARE = new Adapter("nvidia", "ampere", "RTX", false);
  private static final Adapter SOFTWARE = new Adapter("google", "swiftshader", "", true);
  private static final Load IDLE = load(0.15, 0.03, 0);

  @Test
  void aCleanMeasurementIsTrusted() {
    assertThat(judge(clean())).isEqualTo(Verdict.TRUSTED);
  }

  @Test
  void aSoftwareAdapterIsFlaggedWhereItWasUsed() {
    assertOnly(
        clean().on(Backend.WEBGPU).adapter(SOFTWARE), Reason.SOFTWARE_ADAPTER, Level.FLAGGED);
    assertThat(judge(clean().on(Backend.WEBGPU).adapter(HARDWARE))).isEqualTo(Verdict.TRUSTED);
    assertThat(judge(clean().on(Backend.WASM).adapter(SOFTWARE))).isEqualTo(Verdict.TRUSTED);
  }

  @Test
  void aSilentFallbackIsRejectedAndAnAllowedOneFlagged() {
    Given webnn = clean().on(Backend.WEBNN).actual(Backend.WASM);
    assertOnly(webnn, Reason.BACKEND_FALLBACK, Level.REJECTED);
    assertOnly(webnn.allowing(Backend.WASM), Reason.BACKEND_FALLBACK, Level.FLAGGED);
  }

  @Test
  void aWrongOutputIsRejectedHoweverFast() {
    assertOnly(
        clean().output(new Output(true, false, of(0.055), of(1e-3))),
        Reason.WRONG_OUTPUT,
        Level.REJECTED);
    assertOnly(
        clean().output(new Output(true, false, of(Double.NaN), of(1e-3))),
        Reason.WRONG_OUTPUT,
        Level.REJECTED);
    assertThat(judge(clean().output(new Output(true, false, of(1e-6), of(1e-3)))))
        .isEqualTo(Verdict.TRUSTED);
  }

  @Test
  void anOutputThatIsMissingOrHasAnotherShapeIsWrongThoughNoNumberTellsByHowMuch() {
    assertOnly(
        clean().output(new Output(true, true, OptionalDouble.empty(), OptionalDouble.empty())),
        Reason.WRONG_OUTPUT,
        Level.REJECTED);
    assertOnly(
        clean().output(new Output(true, true, OptionalDouble.empty(), of(1e-3))),
        Reason.WRONG_OUTPUT,
        Level.REJECTED);
  }

  @Test
  void anOutputThatIsNotFiniteIsRejected() {
    assertOnly(
        clean().output(new Output(false, false, OptionalDouble.empty(), OptionalDouble.empty())),
        Reason.NOT_FINITE,
        Level.REJECTED);
  }

  @Test
  void withoutWarmUpItIsCold() {
    assertOnly(clean().warmups(0), Reason.COLD, Level.FLAGGED);
  }

  @Test
  void aNeighbourOnOneOfTwoCoresIsNoiseAndOnOneOfManyIsNot() {
    assertOnly(clean().load(load(0.95, 0.05, 0)), Reason.NOISY, Level.FLAGGED);
    assertThat(judge(clean().load(load(0.5, 0.05, 0)))).isEqualTo(Verdict.TRUSTED);
    Load ofMany =
        new Load(Duration.ofMillis(300), 16, 1.05, 3, 0, of(0.05), OptionalDouble.empty());
    assertThat(judge(clean().load(ofMany))).isEqualTo(Verdict.TRUSTED);
  }

  @Test
  void waitingForACoreIsNoise() {
    assertOnly(clean().load(load(1.0, 0.8, 0)), Reason.NOISY, Level.FLAGGED);
  }

  @Test
  void aMachineThatDoesNotTellItsLoadIsNotHeldAgainstIt() {
    assertThat(judge(clean().withoutLoad())).isEqualTo(Verdict.TRUSTED);
  }

  @Test
  void samplesThatScatterAreNoise() {
    Random random = new Random(3);
    assertOnly(
        clean().samples(8000, ms -> ms * Math.exp(0.4 * random.nextGaussian())),
        Reason.NOISY,
        Level.FLAGGED);
  }

  @Test
  void manyInterruptedSamplesAreNoise() {
    Random random = new Random(3);
    assertOnly(
        clean().samples(1000, ms -> random.nextInt(8) == 0 ? 2.4 * ms : ms),
        Reason.NOISY,
        Level.FLAGGED);
  }

  @Test
  void blocksThatDifferAreNoise() {
    assertThat(judge(clean().secondBlock(ms -> 1.3 * ms)).reasons())
        .containsExactly(Reason.NOISY, Reason.TOO_FEW_SAMPLES);
    assertThat(judge(clean().secondBlock(ms -> 1.01 * ms))).isEqualTo(Verdict.TRUSTED);
  }

  @Test
  void oneBlockOfManyThatDiffersDoesNotMoveTheMedian() {
    Given given = clean();
    Block usual = given.blocks.getFirst();
    Block slow =
        new Block(
            usual.samples().stream().map(sample -> 1.3 * sample).toList(),
            usual.load(),
            true,
            false,
            PageState.AWAKE);
    given.blocks = List.of(usual, slow, usual, usual, usual, usual);
    assertThat(judge(given)).isEqualTo(Verdict.TRUSTED);

    given.blocks = List.of(usual, slow, usual, usual, slow, usual);
    assertThat(judge(given).reasons()).contains(Reason.NOISY);
  }

  @Test
  void aHiddenPageIsThrottled() {
    assertOnly(clean().page(new PageState(true, 0)), Reason.THROTTLED, Level.FLAGGED);
  }

  @Test
  void pausesBetweenMostIterationsAreAClampedTimer() {
    assertOnly(clean().page(new PageState(false, 20)), Reason.THROTTLED, Level.FLAGGED);
    assertThat(judge(clean().page(new PageState(false, 1)))).isEqualTo(Verdict.TRUSTED);
  }

  @Test
  void aProcessorHeldBackByItsCgroupIsThrottled() {
    assertOnly(clean().load(load(0.15, 0.03, 0.4)), Reason.THROTTLED, Level.FLAGGED);
  }

  @Test
  void aClockTooCoarseForTheSampleIsSeen() {
    assertOnly(clean().timer(0.5), Reason.COARSE_TIMER, Level.FLAGGED);
    assertThat(judge(clean().timer(0.1))).isEqualTo(Verdict.TRUSTED);
    assertThat(judge(clean().samples(200, ms -> 0).timer(0.1)).reasons())
        .contains(Reason.COARSE_TIMER);
  }

  @Test
  void anIntervalWiderThanTheTargetHasTooFewSamples() {
    assertOnly(clean().samples(6, ms -> ms), Reason.TOO_FEW_SAMPLES, Level.FLAGGED);
    assertOnly(clean().target(0.0001), Reason.TOO_FEW_SAMPLES, Level.FLAGGED);
    assertOnly(clean().samples(0, ms -> ms), Reason.TOO_FEW_SAMPLES, Level.FLAGGED);
  }

  @Test
  void measuringWithoutTheTurnOrBesideAnotherIsCoLocated() {
    assertOnly(clean().turn(false), Reason.CO_LOCATED_LOAD, Level.FLAGGED);
    assertOnly(clean().overlapped(), Reason.CO_LOCATED_LOAD, Level.FLAGGED);
    assertOnly(
        clean().isolation(Isolation.SHARED).turn(false).overlapped(),
        Reason.CO_LOCATED_LOAD,
        Level.FLAGGED);
    assertThat(judge(clean().isolation(Isolation.SHARED).turn(false))).isEqualTo(Verdict.TRUSTED);
  }

  @Test
  void randomWeightsAreSaid() {
    assertOnly(clean().randomWeights(), Reason.RANDOM_WEIGHTS, Level.FLAGGED);
  }

  @Property(tries = 500)
  void thereIsAVerdictWhateverThePageReports(
      @ForAll @Size(max = 40) List<Double> first,
      @ForAll @Size(max = 40) List<Double> second,
      @ForAll double timer,
      @ForAll double error,
      @ForAll double others) {
    Given given = clean().timer(timer).output(new Output(true, false, of(error), of(1e-3)));
    given.blocks =
        List.of(
            new Block(
                first, Optional.of(load(others, others, others)), true, false, PageState.AWAKE),
            new Block(second, Optional.empty(), true, false, new PageState(false, -3)));

    assertThat(judge(given)).isNotNull();
  }

  private static void assertOnly(Given given, Reason reason, Level level) {
    Verdict verdict = judge(given);
    assertThat(verdict.reasons()).containsExactly(reason);
    assertThat(verdict.level()).isEqualTo(level);
  }

  private static Verdict judge(Given given) {
    return Judge.judge(given.build());
  }

  private static OptionalDouble of(double value) {
    return OptionalDouble.of(value);
  }

  private static Load load(double others, double wait, double throttled) {
    return new Load(Duration.ofMillis(300), 2, 1.05, others, 0, of(wait), of(throttled));
  }

  private static Given clean() {
    return new Given();
  }

  /** A clean measurement with something to spoil. */
  private static final class Given {
    RunOptions run = RunOptions.DEFAULTS;
    Backend assigned = Backend.WASM;
    Backend actual = Backend.WASM;
    Set<Backend> allowed = Set.of();
    Optional<Adapter> adapter = Optional.empty();
    Output output = Output.UNCOMPARED;
    int warmups = 3;
    double timer = 0.005;
    boolean randomWeights;
    List<Block> blocks = new ArrayList<>();

    Given() {
      samples(60, ms -> ms);
    }

    Given on(Backend backend) {
      assigned = backend;
      actual = backend;
      return this;
    }

    Given actual(Backend backend) {
      actual = backend;
      return this;
    }

    Given allowing(Backend... backends) {
      allowed = Set.of(backends);
      return this;
    }

    Given adapter(Adapter value) {
      adapter = Optional.of(value);
      return this;
    }

    Given output(Output value) {
      output = value;
      return this;
    }

    Given warmups(int n) {
      warmups = n;
      return this;
    }

    Given timer(double millis) {
      timer = millis;
      return this;
    }

    Given randomWeights() {
      randomWeights = true;
      return this;
    }

    Given target(double ratio) {
      run = new RunOptions(3, 10, 200, ratio, run.maxDuration(), run.timeout(), run.isolation());
      return this;
    }

    Given isolation(Isolation isolation) {
      run = new RunOptions(3, 10, 200, 0.05, run.maxDuration(), run.timeout(), isolation);
      return this;
    }

    /** Two blocks of jittered samples around 5 ms, each changed by {@code change}. */
    Given samples(int n, DoubleUnaryOperator change) {
      Random random = new Random(42);
      List<Block> drawn = new ArrayList<>();
      for (int block = 0; block < 2; block++) {
        double[] samples = new double[n / 2];
        Arrays.setAll(
            samples, i -> change.applyAsDouble(5 * Math.exp(0.015 * random.nextGaussian())));
        drawn.add(
            new Block(
                Arrays.stream(samples).boxed().toList(),
                Optional.of(IDLE),
                true,
                false,
                PageState.AWAKE));
      }
      blocks = drawn;
      return this;
    }

    Given secondBlock(DoubleUnaryOperator change) {
      Block second = blocks.get(1);
      List<Double> samples =
          second.samples().stream().map(sample -> change.applyAsDouble(sample)).toList();
      // Enough of both halves that the interval stays narrow.
      List<Double> many = new ArrayList<>();
      List<Double> first = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        many.addAll(samples);
        first.addAll(blocks.get(0).samples());
      }
      blocks =
          List.of(
              new Block(first, second.load(), true, false, PageState.AWAKE),
              new Block(many, second.load(), true, false, PageState.AWAKE));
      return this;
    }

    Given load(Load load) {
      return each(
          b -> new Block(b.samples(), Optional.of(load), b.turnHeld(), b.overlapped(), b.page()));
    }

    Given withoutLoad() {
      return each(
          b -> new Block(b.samples(), Optional.empty(), b.turnHeld(), b.overlapped(), b.page()));
    }

    Given turn(boolean held) {
      return each(b -> new Block(b.samples(), b.load(), held, b.overlapped(), b.page()));
    }

    Given overlapped() {
      return each(b -> new Block(b.samples(), b.load(), b.turnHeld(), true, b.page()));
    }

    Given page(PageState page) {
      return each(b -> new Block(b.samples(), b.load(), b.turnHeld(), b.overlapped(), page));
    }

    private Given each(java.util.function.UnaryOperator<Block> change) {
      blocks = blocks.stream().map(change).toList();
      return this;
    }

    Measurement build() {
      return new Measurement(
          run,
          assigned,
          Optional.of(actual),
          allowed,
          adapter,
          output,
          warmups,
          of(timer),
          randomWeights,
          blocks);
    }
  }
}
