package dev.ballast.worker.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ClockStepTest {
  @Property(tries = 200)
  void theStepIsSeenInSamplesOfAFewSteps(
      @ForAll @DoubleRange(min = 0.01, max = 20) double step, @ForAll long seed) {
    Random random = new Random(seed);
    double[] samples = new double[40];
    // As a page sees them: the difference of two readings, each rounded down to a step.
    double now = 1e5;
    for (int i = 0; i < samples.length; i++) {
      double from = Math.floor(now / step) * step;
      now += 3 * step * Math.exp(0.3 * random.nextGaussian());
      samples[i] = Math.floor(now / step) * step - from;
    }

    assertThat(ClockStep.seenIn(samples).orElseThrow()).isCloseTo(step, within(1e-4 * step));
  }

  @Test
  void samplesThatAreAllAlikeAreOneStepLong() {
    double[] samples = new double[20];
    Arrays.fill(samples, 0.1);

    assertThat(ClockStep.seenIn(samples)).hasValue(0.1);
  }

  /** Steady work seen by a fine clock: no two differ by one step, and yet the step is seen. */
  @Test
  void theStepIsSeenWhereNoTwoSamplesDifferByIt() {
    double[] samples = {0.94, 1.0, 0.94, 1.04, 1.0, 1.1, 0.94, 1.0, 1.04, 1.1};

    assertThat(ClockStep.seenIn(samples).orElseThrow()).isCloseTo(0.02, within(1e-6));
  }

  @Test
  void aFewSamplesOrNoneBeyondZeroSayNothing() {
    assertThat(ClockStep.seenIn(new double[] {50, 60})).isEmpty();
    assertThat(ClockStep.seenIn(new double[20])).isEmpty();
  }
}
