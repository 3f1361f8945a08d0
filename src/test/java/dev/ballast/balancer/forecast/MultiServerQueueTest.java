package dev.ballast.balancer.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.hipparchus.random.Well19937c;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultiServerQueueTest {
  private static final int TASKS = 1_500_000;

  @Test
  void oneExponentialServerWaitsAsTheTextbookSays() {
    var queue = new MultiServerQueue(0.8, 1, 1, 1);

    assertThat(queue.waitProbability()).isCloseTo(0.8, within(1e-12));
    assertThat(queue.meanWaitSeconds()).isCloseTo(4, within(1e-12));
    assertThat(new MultiServerQueue(0.8, 1, 0, 1).meanWaitSeconds()).isCloseTo(2, within(1e-12));
  }

  @Test
  void tooMuchWorkWaitsForEver() {
    assertThat(new MultiServerQueue(3, 1, 1, 2).meanWaitSeconds()).isInfinite();
  }

  /** Means of {@value #TASKS} simulated tasks; service times are gamma distributed. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0, 4",
    "0.5, 1, 16",
    "0.7, 0.25, 4",
    "0.7, 1, 8",
    "0.8, 0.5, 16",
    "0.9, 0, 4",
    "0.9, 0.7, 2",
    "0.9, 1, 16"
  })
  void waitsAreWithinATenthOfTheSimulatedOnes(double utilization, double variation, int slots) {
    var queue = new MultiServerQueue(utilization * slots, 1, variation, slots);

    assertThat(queue.meanWaitSeconds() / simulated(queue)).isBetween(0.9, 1.1);
  }

  /** Kiefer, Wolfowitz 1955: who comes next takes the slot that is free first. */
  private static double simulated(MultiServerQueue queue) {
    var random = new Well19937c(7);
    double[] free = new double[queue.slots()];
    double now = 0;
    double waits = 0;
    for (int task = 0; task < TASKS; task++) {
      now += -Math.log1p(-random.nextDouble()) / queue.arrivalsPerSecond();
      int first = 0;
      for (int slot = 1; slot < free.length; slot++) {
        first = free[slot] < free[first] ? slot : first;
      }
      double start = Math.max(now, free[first]);
      waits += start - now;
      free[first] = start + service(queue.variation(), random);
    }
    assertThat(Arrays.stream(free).max().orElseThrow()).isPositive();
    return waits / TASKS;
  }

  private static double service(double variation, Well19937c random) {
    if (variation == 0) {
      return 1;
    }
    double shape = 1 / (variation * variation);
    // Marsaglia, Tsang 2000; the shape is at least 1 here.
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
        return d * v / shape;
      }
    }
  }
}
