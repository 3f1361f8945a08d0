package dev.ballast.cli.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.simulate.Experiment;
import dev.ballast.simulate.Policies;
import dev.ballast.simulate.Results;
import dev.ballast.simulate.Stopwatch;
import dev.ballast.simulate.workload.Builtin;
import dev.ballast.simulate.workload.Workload;
import dev.ballast.simulate.workload.WorkloadSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationPageTest {
  private static Results results(String name) {
    Workload mix = Builtin.find("seed-mix").orElseThrow().withTasks(150).instance(1, 0);
    Workload named =
        new Workload(
            name, mix.browsers(), mix.models(), mix.arrivals(), mix.disruptions(), mix.priors());
    return new Experiment(
            WorkloadSource.fixed(named), Policies.all(), 1, 2, false, Stopwatch.STOPPED)
        .run();
  }

  @Test
  void thePageShowsEveryPolicyAndSaysThatItIsSimulated() {
    String page = SimulationPage.of(results("mine"), Prospects.none("no time"));

    assertThat(page).contains("simulated, not measured", "mine – Ballast simulation");
    Policies.all().forEach(policy -> assertThat(page).contains(policy.name()));
    assertThat(page).contains("<h3>Makespan</h3>", "Work in the house", "Regret", "What ran where");
    assertThat(page).contains("Forecast of the arrivals", "Cost against waits", "no time");
  }

  @Test
  void trafficThatLastsShowsItsForecastAndWhatScalingCosts() {
    Results results =
        new Experiment(
                Builtin.find("seed-mix").orElseThrow().withTasks(1800),
                Policies.all().stream().filter(rule -> rule.name().equals("random")).toList(),
                1,
                1,
                false,
                Stopwatch.STOPPED)
            .run();

    Prospects prospects = Prospects.of(results);
    String page = SimulationPage.of(results, prospects);

    assertThat(prospects.forecast().orElseThrow().fan()).isNotEmpty();
    assertThat(page)
        .contains("class=\"fan wide\"", "aria-label=\"Cost and waits on seed-mix\"", "keda queue");
  }

  @Test
  void aBatchSaysWhyThereIsNothingToForecastOrToScale() {
    Prospects prospects = Prospects.of(results("mine"));

    assertThat(prospects.forecast()).isEmpty();
    assertThat(SimulationPage.of(results("mine"), prospects))
        .contains("there is nothing to forecast", "there is nothing to scale");
  }

  @Test
  void thePageNeedsNothingElseAndRunsNothing() {
    String page =
        SimulationPage.of(results("<script>alert(1)</script>"), Prospects.none("<script>"));

    assertThat(page).doesNotContain("<script", "http://", "https://", "src=", "style=");
    // The icon is none, or browsers would look for one.
    assertThat(page).containsOnlyOnce("href=").contains("href=\"data:,\"");
    assertThat(page).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
  }

  @Test
  void everyBarOfTheGanttIsATaskThatRan() {
    Results results = results("mine");
    List<Integer> bars = results.traces().stream().map(trace -> trace.bars().size()).toList();

    assertThat(bars).allMatch(count -> count > 0 && count <= 150);
    results
        .traces()
        .forEach(trace ->
            assertThat(trace.bars())
                .allMatch(bar -> bar.to() > bar.from() && bar.lane() < trace.lanes().size()));
  }
}
