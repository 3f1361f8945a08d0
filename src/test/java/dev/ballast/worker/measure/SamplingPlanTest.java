package dev.ballast.worker.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.RunOptions;
import dev.ballast.model.RunOptions.Isolation;
import dev.ballast.model.Summary;
import dev.ballast.worker.measure.SamplingPlan.Step;
import dev.ballast.worker.measure.SamplingPlan.Step.Block;
import dev.ballast.worker.measure.SamplingPlan.Step.Stop;
import dev.ballast.worker.measure.SamplingPlan.StopReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SamplingPlanTest {
  private final SamplingPlan plan = new SamplingPlan(RunOptions.DEFAULTS, 1);

  @Test
  void theFirstBlockLeavesRoomForASecond() {
    assertThat(plan.next(List.of(), Duration.ZERO, OptionalDouble.of(0.3)))
        .isEqualTo(new Block(100));
    assertThat(plan.next(List.of(), Duration.ZERO, OptionalDouble.empty())).isEqualTo(new Block(5));
  }

  @Test
  void aBlockIsAboutFourHundredMillisecondsOfWork() {
    assertThat(plan.next(List.of(), Duration.ZERO, OptionalDouble.of(50))).isEqualTo(new Block(8));
    assertThat(plan.next(List.of(), Duration.ZERO, OptionalDouble.of(3000)))
        .isEqualTo(new Block(1));
  }

  @Test
  void oneBlockIsNeverEnoughHoweverNarrow() {
    double[] steady = filled(100, 4);

    assertThat(plan.next(List.of(steady), Duration.ofMillis(400), OptionalDouble.of(4)))
        .isInstanceOf(Block.class);
    assertThat(plan.next(List.of(steady, steady), Duration.ofMillis(800), OptionalDouble.of(4)))
        .isEqualTo(new Stop(StopReason.MAX_ITERATIONS));
    assertThat(
            plan.next(
                List.of(filled(50, 4), filled(50, 4)),
                Duration.ofMillis(400),
                OptionalDouble.of(4)))
        .isEqualTo(new Stop(StopReason.INTERVAL_REACHED));
  }

  @Test
  void aSlowModelStopsWhenItsTimeIsUp() {
    assertThat(
            plan.next(
                List.of(filled(1, 5000), filled(1, 5000)),
                Duration.ofSeconds(10),
                OptionalDouble.of(5000)))
        .isEqualTo(new Stop(StopReason.MAX_DURATION));
  }

  @Test
  void aShortSampleHoldsSeveralInferences() {
    assertThat(SamplingPlan.inferencesPerSample(0.3, 0.005)).isEqualTo(1);
    assertThat(SamplingPlan.inferencesPerSample(0.3, 0.02)).isEqualTo(3);
    assertThat(SamplingPlan.inferencesPerSample(0.3, 1)).isEqualTo(134);
    assertThat(SamplingPlan.inferencesPerSample(0, 0.1)).isBetween(1, 1000);
  }

  @Test
  void aBlockSettlesAsLongAsThePageRestedButNoLongerThanTwentyMilliseconds() {
    assertThat(SamplingPlan.settlingRuns(0.3, 6)).isEqualTo(20);
    assertThat(SamplingPlan.settlingRuns(0.3, 5000)).isEqualTo(67);
    assertThat(SamplingPlan.settlingRuns(0.3, 0)).isZero();
    assertThat(SamplingPlan.settlingRuns(56, 5000)).isEqualTo(1);
    assertThat(SamplingPlan.settlingRuns(56, 5)).isZero();
    assertThat(SamplingPlan.settlingRuns(199, 5000)).isEqualTo(1);
    assertThat(SamplingPlan.settlingRuns(1900, 5000)).isZero();
    assertThat(SamplingPlan.settlingRuns(0, 5000)).isEqualTo(1);
  }

  @Property(tries = 300)
  void samplingEndsWithinItsLimitsAndStopsOnlyForAReason(
      @ForAll @DoubleRange(min = 0.05, max = 4000) double millis,
      @ForAll @DoubleRange(min = 0, max = 0.6) double spread,
      @ForAll @IntRange(min = 1, max = 40) int minimum,
      @ForAll @IntRange(min = 0, max = 400) int more,
      @ForAll long seed) {
    RunOptions run =
        new RunOptions(
            3,
            minimum,
            minimum + more,
            0.05,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Isolation.EXCLUSIVE);
    Random random = new Random(seed);
    List<double[]> blocks = new ArrayList<>();
    double elapsed = 0;
    Step step = new SamplingPlan(run, 1).next(blocks, Duration.ZERO, OptionalDouble.of(millis));
    while (step instanceof Block(int iterations)) {
      assertThat(iterations).isPositive();
      double[] block = new double[iterations];
      Arrays.setAll(block, i -> millis * Math.exp(spread * random.nextGaussian()));
      elapsed += Arrays.stream(block).sum();
      blocks.add(block);
      step =
          new SamplingPlan(run, 1)
              .next(blocks, Duration.ofNanos((long) (elapsed * 1e6)), OptionalDouble.of(millis));
    }
    double[] all = blocks.stream().flatMapToDouble(Arrays::stream).toArray();
    assertThat(all.length).isLessThanOrEqualTo(run.maxIterations());
    switch (((Stop) step).reason()) {
      case INTERVAL_REACHED -> {
        assertThat(all.length).isGreaterThanOrEqualTo(run.minIterations());
        assertThat(blocks.size()).isGreaterThanOrEqualTo(2);
        assertThat(Summary.relativeWidth(all)).isLessThanOrEqualTo(0.05);
      }
      case MAX_ITERATIONS -> assertThat(all.length).isEqualTo(run.maxIterations());
      case MAX_DURATION -> assertThat(elapsed).isGreaterThanOrEqualTo(9999);
    }
  }

  private static double[] filled(int n, double value) {
    double[] samples = new double[n];
    Arrays.fill(samples, value);
    return samples;
  }
}
