package dev.ballast.balancer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The split of work over pools is optimal, and its prices prove it. */
class ShareSolverTest {
  private static final double NEVER = Double.POSITIVE_INFINITY;

  @Example
  void oneKindOfWorkIsSplitBySpeed() {
    // 10 tasks; 1 slot at 2 s and 2 slots at 3 s: the fleet ends a task every 1/(1/2 + 2/3) s.
    Shares shares =
        ShareSolver.solve(
            new ShareProgram(
                new double[][] {{2, 3}},
                new double[] {10},
                new double[] {1, 2},
                new double[] {0, 0},
                0));

    assertThat(shares.endSeconds()).isCloseTo(60.0 / 7, within(1e-9));
    assertThat(shares.tasks()[0][0]).isCloseTo(30.0 / 7, within(1e-9));
    assertThat(shares.modelPrice()[0]).isCloseTo(6.0 / 7, within(1e-9));
    assertThat(shares.poolPrice()[0]).isCloseTo(3.0 / 7, within(1e-9));
    assertThat(shares.poolPrice()[1]).isCloseTo(2.0 / 7, within(1e-9));
  }

  @Example
  void whatIsPromisedAlreadyIsCounted() {
    Shares shares =
        ShareSolver.solve(
            new ShareProgram(
                new double[][] {{1, 1}},
                new double[] {4},
                new double[] {1, 1},
                new double[] {6, 0},
                0));

    assertThat(shares.endSeconds()).isCloseTo(6, within(1e-9));
    assertThat(shares.tasks()[0][1]).isCloseTo(4, within(1e-9));
  }

  @Example
  void aModelThatRunsNowhereIsLeftOut() {
    Shares shares =
        ShareSolver.solve(
            new ShareProgram(
                new double[][] {{NEVER, NEVER}, {1, NEVER}},
                new double[] {5, 3},
                new double[] {1, 1},
                new double[] {0, 0},
                0.01));

    assertThat(shares.endSeconds()).isCloseTo(3, within(1e-9));
    assertThat(shares.tasks()[0]).containsOnly(0);
    assertThat(shares.modelPrice()[0]).isEqualTo(NEVER);
  }

  @Example
  void aPoolWithoutSlotsGetsNothing() {
    Shares shares =
        ShareSolver.solve(
            new ShareProgram(
                new double[][] {{1, 9}},
                new double[] {5},
                new double[] {0, 3},
                new double[] {7, 0},
                0.01));

    assertThat(shares.tasks()[0][0]).isZero();
    assertThat(shares.endSeconds()).isCloseTo(15, within(1e-9));
  }

  @Example
  void nonsenseIsRefused() {
    assertThatThrownBy(() ->
            new ShareProgram(
                new double[][] {{0}}, new double[] {1}, new double[] {1}, new double[] {0}, 0.01))
        .hasMessageContaining("must be positive");
    assertThatThrownBy(() ->
            new ShareProgram(
                new double[][] {{1}}, new double[] {-1}, new double[] {1}, new double[] {0}, 0.01))
        .hasMessageContaining("must not be negative");
  }

  @Property(tries = 300)
  void theSplitIsFeasibleAndItsPricesProveItOptimal(@ForAll long seed) {
    ShareProgram program = TestingPrograms.random(seed, 14, 9);

    Shares shares = ShareSolver.solve(program);

    double[] n = program.slots();
    double workWeight = program.epsilon() / program.allSlots();
    double work = 0;
    double dual = 0;
    double[] load = program.busySeconds().clone();
    for (int m = 0; m < program.demand().length; m++) {
      double sum = 0;
      for (int c = 0; c < n.length; c++) {
        double x = shares.tasks()[m][c];
        assertThat(x).isNotNegative();
        if (x > 0) {
          sum += x;
          load[c] += x * program.seconds()[m][c];
          work += x * program.seconds()[m][c];
        }
      }
      assertThat(sum).isCloseTo(program.demand()[m], within(1e-6 * (1 + program.demand()[m])));
      dual += program.demand()[m] == 0 ? 0 : program.demand()[m] * shares.modelPrice()[m];
    }
    double priced = 0;
    double scale = 1 + shares.endSeconds();
    for (int c = 0; c < n.length; c++) {
      assertThat(load[c]).isLessThanOrEqualTo(n[c] * shares.endSeconds() + 1e-6 * scale * n[c]);
      priced += n[c] * shares.poolPrice()[c];
      dual += program.busySeconds()[c] * (shares.poolPrice()[c] - workWeight);
    }
    double primal = shares.endSeconds() + workWeight * work;
    assertThat(dual).isCloseTo(primal, within(1e-7 * (1 + primal)));
    if (primal > 0) {
      assertThat(priced).isCloseTo(1 + program.epsilon(), within(1e-7));
    }
  }

  @Property(tries = 60)
  void itAgreesWithOjAlgo(@ForAll long seed) {
    ShareProgram program = TestingPrograms.random(seed, 10, 6);

    Shares shares = ShareSolver.solve(program);

    double work = 0;
    for (int m = 0; m < program.demand().length; m++) {
      for (int c = 0; c < program.slots().length; c++) {
        double x = shares.tasks()[m][c];
        work += x > 0 ? x * program.seconds()[m][c] : 0;
      }
    }
    double value = shares.endSeconds() + program.epsilon() / program.allSlots() * work;
    assertThat(value).isCloseTo(GeneralSolver.optimum(program), within(1e-6 * (1 + value)));
  }

  @Property(tries = 100)
  void startingFromOtherPricesChangesNothing(@ForAll long seed) {
    ShareProgram program = TestingPrograms.random(seed, 10, 6);
    SplittableRandom random = new SplittableRandom(seed);
    double[] prices = random.doubles(program.slots().length, 0, 1).toArray();

    double plain = ShareSolver.solve(program).endSeconds();
    double guided = ShareSolver.solve(program, prices).endSeconds();

    assertThat(guided).isCloseTo(plain, within(1e-3 * (1 + plain)));
  }
}
