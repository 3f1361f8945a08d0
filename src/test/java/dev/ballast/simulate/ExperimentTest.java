package dev.ballast.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.schedule.Policy;
import dev.ballast.simulate.workload.Builtin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExperimentTest {
  private static Experiment of(int replications, String... names) {
    List<Policy> policies =
        Policies.all().stream().filter(policy -> List.of(names).contains(policy.name())).toList();
    return new Experiment(
        Builtin.find("seed-mix").orElseThrow().withTasks(300),
        policies,
        1,
        replications,
        true,
        Stopwatch.STOPPED);
  }

  @Test
  void onlyCompleteReplicationsCountWhenItIsStopped() {
    List<String> begun = new ArrayList<>();

    Results results =
        of(10, "random", "least-loaded")
            .run(
                (replication, policy) -> begun.add(replication + policy.name()),
                () -> begun.size() > 5);

    assertThat(begun).last().asString().isEqualTo("2least-loaded");
    assertThat(results.wasStopped()).isTrue();
    assertThat(results.replications()).isEqualTo(2);
    assertThat(results.values("least-loaded", "completed")).containsExactly(300, 300);
  }

  @Test
  void allPoliciesGetTheSameArrivalsNoiseAndFailures() {
    Policy rule =
        Policies.all().stream()
            .filter(policy -> policy.name().equals("random"))
            .findFirst()
            .orElseThrow();
    Policy twin = new Policy("twin", "the same under another name", rule.factory());

    Results results =
        new Experiment(
                Builtin.find("flaky").orElseThrow().withTasks(500),
                List.of(rule, twin),
                1,
                3,
                false,
                Stopwatch.STOPPED)
            .run();

    for (String metric : results.metrics()) {
      assertThat(results.values("twin", metric)).isEqualTo(results.values("random", metric));
    }
    assertThat(results.values("twin", "failed").length).isEqualTo(3);
  }

  @Test
  void theIntervalIsThatOfStudent() {
    // 1, 2, 3, 4, 5: mean 3, s = √2.5, t(4) = 2.7764
    Interval interval = Interval.of(new double[] {1, 2, 3, 4, 5});

    assertThat(interval.mean()).isEqualTo(3);
    assertThat(interval.high95() - 3).isCloseTo(2.7764 * Math.sqrt(2.5 / 5), within(1e-4));
  }

  @Test
  void aRatioIsOfPairsSoThatWhatBothShareCancels() {
    Interval ratio = Interval.ratio(new double[] {5, 50, 500}, new double[] {10, 100, 1000});

    assertThat(ratio.mean()).isCloseTo(0.5, within(1e-12));
    assertThat(ratio.high95() - ratio.low95()).isCloseTo(0, within(1e-9));
  }

  @Test
  void whereAFigureIsZeroTheRatioIsThatOfTheSums() {
    Interval ratio = Interval.ratio(new double[] {0, 1, 2}, new double[] {2, 2, 2});

    assertThat(ratio.mean()).isCloseTo(0.5, within(1e-12));
    // Delta method: s of (−1, 0, 1) is 1; 4.3027 · 1/√3 ÷ 2
    assertThat(ratio.high95() - 0.5).isCloseTo(4.3027 / Math.sqrt(3) / 2, within(1e-4));
  }
}
