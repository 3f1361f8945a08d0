package dev.ballast.balancer.rival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.schedule.Policy;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.RunLog;
import dev.ballast.simulate.TestingWorkload;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each rule has the property that its paper or project states of it. */
class RivalsTest {
  private static Scheduler.Factory rule(String name) {
    return Rivals.all().stream()
        .filter(policy -> policy.name().equals(name))
        .map(Policy::factory)
        .findFirst()
        .orElseThrow();
  }

  private static int[] tasksPerBrowser(RunLog log, int tasks, int browsers) {
    int[] count = new int[browsers];
    IntStream.range(0, tasks).forEach(task -> count[TestingWorkload.browser(log, task)]++);
    return count;
  }

  @Test
  void randomTreatsAllFreeBrowsersAlike() {
    TestingWorkload workload =
        new TestingWorkload().browsers("chrome", 10, 1).model(ModelFamily.OTHER, 0, 1);
    for (int i = 0; i < 5000; i++) {
      workload.tasks(2.0 * i, 1, 0);
    }

    int[] count = tasksPerBrowser(workload.run(rule("random")), 5000, 10);

    assertThat(Arrays.stream(count).boxed())
        .allSatisfy(tasks -> assertThat(tasks).isBetween(430, 570));
  }

  @Test
  void roundRobinGivesEachBrowserItsTurn() {
    TestingWorkload workload =
        new TestingWorkload().browsers("chrome", 5, 3).model(ModelFamily.OTHER, 0, 1);
    for (int i = 0; i < 20; i++) {
      workload.tasks(2.0 * i, 1, 0);
    }

    RunLog log = workload.run(rule("round-robin"));

    assertThat(IntStream.range(0, 20).map(task -> TestingWorkload.browser(log, task)))
        .containsExactly(0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4);
  }

  @Test
  void twoChoicesLowerTheFullestBrowserExponentially() {
    TestingWorkload workload =
        new TestingWorkload()
            .browsers("chrome", 2000, 50)
            .model(ModelFamily.OTHER, 0, 1)
            .tasks(2000);

    int two =
        Arrays.stream(tasksPerBrowser(workload.run(rule("power-of-two")), 2000, 2000))
            .max()
            .orElseThrow();
    int one =
        Arrays.stream(tasksPerBrowser(workload.run(rule("random")), 2000, 2000))
            .max()
            .orElseThrow();

    // ln ln n / ln 2 = 2.9 against ln n / ln ln n = 3.7 (and a constant), for n = 2000.
    assertThat(two).isLessThanOrEqualTo(4);
    assertThat(one).isGreaterThan(two);
  }

  @Test
  void theAncestorsScoreIsItsFormula() {
    assertThat(AncestorScore.affinity(ModelFamily.AUDIO, BrowserKind.FIREFOX)).isEqualTo(1.0);
    assertThat(AncestorScore.affinity(ModelFamily.AUDIO, BrowserKind.CHROMIUM)).isEqualTo(0.7);
    assertThat(AncestorScore.affinity(ModelFamily.LLM, BrowserKind.EDGE)).isEqualTo(1.0);
    assertThat(AncestorScore.room(0, 0)).isEqualTo(0.5);
    assertThat(AncestorScore.room(0.5, 4)).isCloseTo(0.5 * 0.5 * 0.7, within(1e-12));
    assertThat(AncestorScore.room(1, 20)).isCloseTo(0.5 * 0.1 * 0.2, within(1e-12));
  }

  @Test
  void staticAffinityTakesTheFavouriteUntilItIsTooFull() {
    RunLog log =
        new TestingWorkload()
            .browsers("chrome", 1, 4)
            .browsers("firefox", 1, 4)
            .browsers("edge", 1, 4)
            .model(ModelFamily.VISION, 0, 1, 1, 1)
            .tasks(4)
            .run(rule("static-affinity"));

    // 1.0 | 0.75 < 0.8 firefox | 0.75 chrome again | edge 0.7 before firefox 0.6 and chrome 0.5
    assertThat(IntStream.range(0, 4).map(task -> TestingWorkload.browser(log, task)))
        .containsExactly(0, 1, 0, 2);
  }

  @Test
  void earliestCompletionWaitsForAFastBrowserWhenThatEndsSooner() {
    RunLog log =
        new TestingWorkload()
            .browsers("chrome", 1, 1)
            .browsers("firefox", 1, 1)
            .model(ModelFamily.OTHER, 0, 2, 10)
            .tasks(5)
            .run(rule("earliest-completion"));

    assertThat(tasksPerBrowser(log, 5, 2)).containsExactly(5, 0);
    assertThat(TestingWorkload.end(log, 4)).isEqualTo(10);
  }

  @Test
  void minMinHasTheLeastMeanSojournOnIdenticalMachines() {
    TestingWorkload workload =
        new TestingWorkload()
            .browsers("chrome", 1, 2)
            .model(ModelFamily.OTHER, 0, 5)
            .model(ModelFamily.OTHER, 0, 1)
            .model(ModelFamily.OTHER, 0, 3)
            .tasks(0, 2, 0)
            .tasks(0, 2, 1)
            .tasks(0, 2, 2);

    // Shortest first is optimal there (Conway, Maxwell, Miller 1967): 1, 1 | 4, 4 | 9, 9.
    assertThat(workload.measure(rule("min-min")).get("meanSojournSeconds"))
        .isCloseTo((1 + 4 + 9) / 3.0, within(1e-9));
    assertThat(workload.measure(rule("earliest-completion")).get("meanSojournSeconds"))
        .isGreaterThan(5);
  }

  @Test
  void peakEwmaJumpsToAPeakAndForgetsItSlowly() {
    TestingWorkload workload =
        new TestingWorkload()
            .browsers("chrome", 1, 1)
            .model(ModelFamily.OTHER, 0, 1)
            .model(ModelFamily.OTHER, 0, 20)
            .tasks(0, 1, 0)
            .tasks(10, 1, 1)
            .tasks(40, 1, 0);
    double[] seen = new double[2];

    workload.run((board, times, moves, seed) -> {
      PeakEwma rule = new PeakEwma(board, times, moves, seed);
      return new Scheduler() {
        @Override
        public void ended(int task, int browser, boolean succeeded, double seconds) {
          rule.ended(task, browser, succeeded, seconds);
          seen[0] = task == 1 ? rule.load(browser) : seen[0];
        }

        @Override
        public void decide() {
          seen[1] = board.nowSeconds() == 40 ? rule.load(0) : seen[1];
          rule.decide();
        }
      };
    });

    assertThat(seen[0]).isEqualTo(20);
    assertThat(seen[1]).isCloseTo(20 * Math.exp(-1), within(1e-9));
  }

  @Test
  void thresholdStealingMovesAtMostFiveTasksEvery30Seconds() {
    // Vision goes to chrome while it has places; the idle firefox browsers come back at 15 s.
    TestingWorkload workload =
        new TestingWorkload()
            .browsers("chrome", 8, 1)
            .browsers("firefox", 8, 1)
            .model(ModelFamily.VISION, 0, 200, 50)
            .tasks(32);

    RunLog log = workload.run(rule("threshold-stealing"));

    // Each browser runs one and has bound one; at 50 s the firefox ones are through their first,
    // at 100 s through their second: the cycle at 120 s finds 8 idle and 8 busy browsers.
    long moved =
        IntStream.range(0, 32).filter(task -> TestingWorkload.start(log, task) == 120).count();
    assertThat(moved).isEqualTo(5);
    assertThat(TestingWorkload.steals(log)).isEqualTo(8);
  }

  @Test
  void daskStealsOnlyWhatPaysItsTransfer() {
    TestingWorkload cheap = stealing(1);
    TestingWorkload dear = stealing(60);

    assertThat(TestingWorkload.steals(cheap.run(rule("dask-stealing")))).isPositive();
    assertThat(TestingWorkload.steals(dear.run(rule("dask-stealing")))).isZero();
  }

  /**
   * Chrome holds the model. At 200 s firefox is full for 10 s, and chrome gets one task to run and
   * one to bind; then firefox is idle, and would have to load the model.
   */
  private static TestingWorkload stealing(double loadSeconds) {
    return new TestingWorkload()
        .browsers("chrome", 1, 1)
        .browsers("firefox", 1, 1)
        .model(ModelFamily.OTHER, loadSeconds, 40, 40)
        .model(ModelFamily.OTHER, 0, Double.NaN, 5)
        .tasks(0, 1, 0)
        .tasks(200, 2, 1)
        .tasks(200, 2, 0);
  }

  @Test
  void maxThroughputRunsWhatGivesTheHighestTotalRate() {
    // Greedy would give the first slot to the fastest pair, 0 on chrome; the best sum crosses them.
    RunLog log =
        new TestingWorkload()
            .browsers("chrome", 1, 1)
            .browsers("firefox", 1, 1)
            .model(ModelFamily.OTHER, 0, 1.0, 1.1)
            .model(ModelFamily.OTHER, 0, 1.2, 9.0)
            .tasks(0, 1, 0)
            .tasks(0, 1, 1)
            .run(rule("max-throughput"));

    assertThat(TestingWorkload.browser(log, 0)).isEqualTo(1);
    assertThat(TestingWorkload.browser(log, 1)).isEqualTo(0);
    assertThat(TestingWorkload.start(log, 1)).isZero();
  }

  @Test
  void maxWeightIsStableWheneverAnyRuleIs() {
    TestingWorkload workload =
        new TestingWorkload()
            .browsers("chrome", 1, 1)
            .browsers("firefox", 1, 1)
            .model(ModelFamily.OTHER, 0, 1, 3)
            .model(ModelFamily.OTHER, 0, 3, 1);
    for (int i = 0; i < 2000; i++) {
      workload.tasks(i / 0.9, 1, 0).tasks(i / 0.9, 1, 1);
    }

    assertThat(workload.measure(rule("max-weight")).get("p99WaitSeconds")).isLessThan(10);
    assertThat(workload.measure(rule("random")).get("p99WaitSeconds")).isGreaterThan(500);
  }
}
