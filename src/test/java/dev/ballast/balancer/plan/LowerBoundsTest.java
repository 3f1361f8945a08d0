package dev.ballast.balancer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** No schedule of tiny instances beats the bounds, and where the optimum is known they reach it. */
class LowerBoundsTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  @Example
  void equalTasksThatFillTheFleetEvenlyReachTheBound() {
    // 12 tasks of 3 s on 4 slots: three rounds; sojourns 3, 6 and 9 s.
    LowerBounds bounds =
        LowerBounds.of(new double[][] {{3, 3}}, new double[] {1, 3}, new double[12], new int[12]);

    assertThat(bounds.makespanSeconds()).isCloseTo(9, within(1e-6));
    assertThat(bounds.meanSojournSeconds()).isCloseTo(6, within(1e-6));
  }

  @Example
  void aLongTaskCanNotBeSplit() {
    LowerBounds bounds =
        LowerBounds.of(
            new double[][] {{100}, {1}}, new double[] {10}, new double[3], new int[] {0, 1, 1});

    assertThat(bounds.makespanSeconds()).isEqualTo(100);
  }

  @Example
  void lateReleasesCount() {
    // 4 tasks of 5 s on 2 slots, released at 100: nothing ends before 110.
    double[] release = {0, 100, 100, 100, 100};
    LowerBounds bounds =
        LowerBounds.of(new double[][] {{5}}, new double[] {2}, release, new int[5]);

    assertThat(bounds.makespanSeconds()).isCloseTo(110, within(1e-6));
  }

  @Example
  void specialistsOnTheirPoolsReachTheBound() {
    double[][] seconds = {{1, 10}, {NEVER, 2}};
    int[] model = {0, 0, 0, 0, 1, 1};
    LowerBounds bounds = LowerBounds.of(seconds, new double[] {2, 2}, new double[6], model);

    assertThat(bounds.makespanSeconds()).isCloseTo(2, within(1e-6));
  }

  @Example
  void nothingToDoTakesNoTime() {
    LowerBounds bounds =
        LowerBounds.of(new double[][] {{NEVER}}, new double[] {1}, new double[1], new int[1]);

    assertThat(bounds).isEqualTo(new LowerBounds(0, 0));
  }

  @Example
  void releasesOutOfOrderAreRefused() {
    assertThatThrownBy(() ->
            LowerBounds.of(new double[][] {{1}}, new double[] {1}, new double[] {2, 1}, new int[2]))
        .hasMessageContaining("is before");
  }

  /** Every assignment and every order of up to five tasks on up to three slots. */
  @Property(tries = 150)
  void noScheduleOfATinyInstanceIsBelow(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int models = 1 + random.nextInt(3);
    int pools = 1 + random.nextInt(2);
    double[] slots = new double[pools];
    for (int c = 0; c < pools; c++) {
      slots[c] = 1 + (pools == 1 || c == 0 ? random.nextInt(2) : 0);
    }
    double[][] seconds = new double[models][pools];
    for (int m = 0; m < models; m++) {
      int sure = random.nextInt(pools);
      for (int c = 0; c < pools; c++) {
        seconds[m][c] = c != sure && random.nextInt(6) == 0 ? NEVER : 1 + random.nextInt(90) / 10.0;
      }
    }
    int tasks = 1 + random.nextInt(5);
    int[] model = random.ints(tasks, 0, models).toArray();
    double spread = random.nextBoolean() ? 0 : 10;
    double[] release = new double[tasks];
    for (int i = 0; i < tasks; i++) {
      release[i] = spread * random.nextDouble();
    }
    Arrays.sort(release);

    LowerBounds bounds = LowerBounds.of(seconds, slots, release, model);

    TestingOptimum optimum = TestingOptimum.of(seconds, slots, release, model);
    assertThat(bounds.makespanSeconds()).isLessThanOrEqualTo(optimum.makespanSeconds() + 1e-9);
    assertThat(bounds.meanSojournSeconds())
        .isLessThanOrEqualTo(optimum.meanSojournSeconds() + 1e-9);
    assertThat(bounds.makespanSeconds()).isPositive();
  }
}
