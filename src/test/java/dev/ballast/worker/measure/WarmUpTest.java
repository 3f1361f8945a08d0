package dev.ballast.worker.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.RunOptions;
import dev.ballast.model.RunOptions.Isolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final RunOptions DEFAULTS = RunOptions.DEFAULTS;

  @Test
  void withoutWarmUpIterationsThereIsNone() {
    assertThat(
            new WarmUp(options(0, 200, Duration.ofSeconds(10)), OptionalDouble.empty())
                .next(List.of()))
        .isZero();
  }

  @Test
  void aFreshModelRunsForASecondAndARestedOneForThreeTenths() {
    assertThat(
            spent(
                new WarmUp(options(3, 9999, DEFAULTS.maxDuration()), OptionalDouble.empty()),
                _ -> 4))
        .isBetween(1000.0, 1400.0);
    assertThat(
            spent(
                new WarmUp(options(3, 9999, DEFAULTS.maxDuration()), OptionalDouble.of(4)), _ -> 4))
        .isBetween(300.0, 420.0);
  }

  /** As recorded in Chromium: a third slower for 0.6 s, then fast at once. */
  @Test
  void thePlateauBeforeTheSecondCompilerIsRunThrough() {
    WarmUp fresh = new WarmUp(options(3, 9999, DEFAULTS.maxDuration()), OptionalDouble.empty());

    assertThat(last(fresh, run -> run < 1500 ? 0.4 : 0.3)).isEqualTo(0.3);
  }

  @Test
  void runsThatStillGetFasterGoOnThreeTimesAsLongAtMost() {
    WarmUp rested = new WarmUp(options(3, 99_999, DEFAULTS.maxDuration()), OptionalDouble.of(4));

    assertThat(spent(rested, run -> 4 * Math.pow(0.997, run))).isBetween(900.0, 1020.0);
  }

  @Test
  void aSlowModelIsRunNoMoreOftenThanWasAskedFor() {
    WarmUp fresh = new WarmUp(options(2, 200, DEFAULTS.maxDuration()), OptionalDouble.empty());

    assertThat(fresh.next(List.of())).isEqualTo(2);
    assertThat(fresh.next(List.of(new double[] {1900, 1800}))).isZero();
  }

  @Test
  void aShortMeasurementHasAShortWarmUp() {
    assertThat(
            spent(
                new WarmUp(options(3, 10, DEFAULTS.maxDuration()), OptionalDouble.empty()),
                _ -> 0.3))
        .isLessThan(2 * 10 * 0.3);
  }

  @Test
  void aRestedModelIsAskedOnceWhenItsFirstRunSaysHowLongOneTakes() {
    WarmUp rested = new WarmUp(options(1, 20, DEFAULTS.maxDuration()), OptionalDouble.of(0.9));

    assertThat(chunks(rested, _ -> 0.3)).hasSize(1);
    assertThat(rested.next(List.of())).isEqualTo(20);
  }

  @Property(tries = 300)
  void itEndsAndRunsAtLeastWhatWasAskedFor(
      @ForAll @DoubleRange(min = 0, max = 3000) double millis,
      @ForAll @IntRange(min = 1, max = 50) int asked,
      @ForAll @IntRange(min = 1, max = 100_000) int iterations,
      @ForAll @IntRange(min = 1, max = 10_000) int durationMillis,
      @ForAll boolean rested) {
    RunOptions run = options(asked, iterations, Duration.ofMillis(durationMillis));

    List<double[]> chunks =
        chunks(
            new WarmUp(run, rested ? OptionalDouble.of(millis) : OptionalDouble.empty()),
            _ -> millis);

    assertThat(chunks.getFirst()).hasSizeGreaterThanOrEqualTo(asked);
    double beyond = total(chunks) - asked * millis;
    assertThat(beyond).isLessThanOrEqualTo(2.0 * durationMillis + millis);
  }

  private static double spent(WarmUp warmUp, IntToDoubleFunction millisOfRun) {
    return total(chunks(warmUp, millisOfRun));
  }

  private static double last(WarmUp warmUp, IntToDoubleFunction millisOfRun) {
    double[] chunk = chunks(warmUp, millisOfRun).getLast();
    return chunk[chunk.length - 1];
  }

  private static double total(List<double[]> chunks) {
    return chunks.stream().flatMapToDouble(Arrays::stream).sum();
  }

  private static List<double[]> chunks(WarmUp warmUp, IntToDoubleFunction millisOfRun) {
    List<double[]> chunks = new ArrayList<>();
    int run = 0;
    for (int runs = warmUp.next(chunks); runs > 0; runs = warmUp.next(chunks)) {
      double[] chunk = new double[runs];
      for (int i = 0; i < runs; i++) {
        chunk[i] = millisOfRun.applyAsDouble(run++);
      }
      chunks.add(chunk);
    }
    return chunks;
  }

  private static RunOptions options(int warmups, int maxIterations, Duration maxDuration) {
    return new RunOptions(
        warmups, 1, maxIterations, 0.05, maxDuration, Duration.ofSeconds(60), Isolation.EXCLUSIVE);
  }
}
