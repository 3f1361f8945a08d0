package dev.ballast.balancer.aware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.rival.EarliestCompletion;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.Conditions;
import dev.ballast.simulate.Metrics;
import dev.ballast.simulate.Simulation;
import dev.ballast.simulate.TestingWorkload;
import dev.ballast.simulate.workload.Builtin;
import dev.ballast.simulate.workload.Workload;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the rule does that no task would do for itself. */
class OpenTrafficTest {
  private static final Scheduler.Factory EARLIEST =
      (board, times, moves, _) -> new EarliestCompletion(board, times, moves);

  /** Two fast slots of 1 s and four slow ones of 6 s: 2.67 tasks a second at best. */
  private static TestingWorkload unlike(double tasksPerSecond) {
    TestingWorkload workload =
        new TestingWorkload()
            .browsers("fast", 2, 1)
            .browsers("slow", 4, 1)
            .model(ModelFamily.OTHER, 0, 1, 6);
    SplittableRandom chance = new SplittableRandom(4);
    double now = 0;
    for (int i = 0; i < 2000; i++) {
      now -= Math.log(1 - chance.nextDouble()) / tasksPerSecond;
      workload.tasks(now, 1, 0);
    }
    return workload;
  }

  @Test
  void slowSlotsAreUsedBeforeATaskWouldForItself() {
    Map<String, Double> ours = unlike(2.4).measure(BrowserAwareScheduler.POLICY.factory());
    Map<String, Double> greedy = unlike(2.4).measure(EARLIEST);

    assertThat(ours.get("meanSojournSeconds")).isLessThan(0.95 * greedy.get("meanSojournSeconds"));
    assertThat(ours.get("p99WaitSeconds")).isLessThan(0.9 * greedy.get("p99WaitSeconds"));
  }

  @Test
  void atALowLoadSlowSlotsStayIdle() {
    assertThat(unlike(0.5).measure(BrowserAwareScheduler.POLICY.factory()).get("matchedRatio"))
        .isGreaterThan(0.95);
  }

  /** Each single load takes longer than it saves its task. */
  @Test
  void aModelMovesToTheBrowserThatBecameFaster() {
    Workload workload = Builtin.find("release").orElseThrow().instance(4, 0);
    Conditions known = Conditions.of(4, 0, true);

    Map<String, Double> ours =
        Metrics.of(
            workload, Simulation.run(workload, known, BrowserAwareScheduler.POLICY.factory()));
    Map<String, Double> greedy = Metrics.of(workload, Simulation.run(workload, known, EARLIEST));

    assertThat(ours.get("releaseExcess30To60")).isLessThan(0.15);
    assertThat(greedy.get("releaseExcess30To60")).isGreaterThan(0.2);
  }
}
