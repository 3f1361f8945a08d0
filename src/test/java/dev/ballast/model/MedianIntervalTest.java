package dev.ballast.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MedianIntervalTest {
  private static final int ROUNDS = 2000;

  @Test
  void independentSamplesAreCoveredNineteenTimesInTwenty() {
    assertThat(coverage(10, 0, false)).isBetween(0.93, 0.98);
    assertThat(coverage(50, 0, false)).isBetween(0.93, 0.98);
    assertThat(coverage(200, 0, false)).isBetween(0.93, 0.98);
  }

  @Test
  void aTailOfInterruptedSamplesChangesNothing() {
    assertThat(coverage(50, 0, true)).isBetween(0.93, 0.98);
    assertThat(coverage(200, 0.5, true)).isGreaterThan(0.90);
  }

  @Test
  void samplesThatFollowTheirNeighboursAreCoveredNearlyAsOften() {
    assertThat(coverage(50, 0.5, false)).isGreaterThan(0.88);
    assertThat(coverage(200, 0.5, false)).isGreaterThan(0.90);
    assertThat(coverage(200, 0.8, false)).isGreaterThan(0.87);
  }

  @Test
  void fewerThanSixIndependentSamplesHaveNoInterval() {
    assertThat(MedianInterval.of(new double[] {1, 2, 1.5, 1.2, 1.7}).exists()).isFalse();
    assertThat(Summary.relativeWidth(new double[] {1, 2, 1.5, 1.2, 1.7})).isInfinite();
    assertThat(Summary.relativeWidth(new double[0])).isInfinite();
    assertThat(MedianInterval.of(new double[] {1, 2, 1.5, 1.2, 1.7, 1.1}).exists()).isTrue();
    assertThatThrownBy(() -> MedianInterval.of(new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Half of the samples at one speed, then half at another: two samples, however many they are. */
  @Test
  void aChangeOfSpeedInTheMiddleMakesTheIntervalWide() {
    Random random = new Random(7);
    double[] samples = new double[200];
    Arrays.setAll(samples, i -> (i < 100 ? 1 : 1.4) * Math.exp(0.01 * random.nextGaussian()));

    assertThat(Summary.relativeWidth(samples)).isGreaterThan(0.3);
  }

  @Test
  void samplesThatAreAllAlikeHaveANarrowInterval() {
    double[] samples = new double[10];
    Arrays.fill(samples, 0.02);

    assertThat(Summary.relativeWidth(samples)).isZero();
  }

  @Property(tries = 500)
  void anIntervalHoldsTheMedianWhateverThePageReports(
      @ForAll @Size(min = 1, max = 60) double[] samples) {
    Summary summary = Summary.of(samples);

    if (Arrays.stream(samples).allMatch(sample -> Math.abs(sample) < 1e100)) {
      assertThat(summary.low95()).isLessThanOrEqualTo(summary.p50());
      assertThat(summary.high95()).isGreaterThanOrEqualTo(summary.p50());
    }
  }

  /** Share of intervals around the true median 1 that hold it. */
  private static double coverage(int n, double correlation, boolean tail) {
    Random random = new Random(20 + n);
    int held = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double[] samples = new double[n];
      double state = random.nextGaussian();
      for (int i = 0; i < n; i++) {
        state =
            correlation * state + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
        samples[i] = Math.exp(0.1 * state) * (tail && state > 1.4 ? 5 : 1);
      }
      MedianInterval interval = MedianInterval.of(samples);
      held += interval.low() <= 1 && 1 <= interval.high() ? 1 : 0;
    }
    return held / (double) ROUNDS;
  }
}
