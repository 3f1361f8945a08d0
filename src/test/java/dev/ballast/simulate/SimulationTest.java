package dev.ballast.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.rival.LeastLoaded;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.workload.Arrivals;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.SimulatedModel;
import dev.ballast.simulate.workload.Workload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final Backend WASM = Backend.WASM;

  /** One browser of one slot; each model takes 10 s, and 3 s to load. */
  private static Workload small(double memoryMiB, List<Disruption> disruptions, int... models) {
    return new Workload(
        "small",
        List.of(
            new BrowserClass("chrome", BrowserKind.CHROME, 1, 1, memoryMiB, List.of(Backend.WASM))),
        List.of(model("a"), model("b")),
        Arrivals.of(new double[models.length], models),
        disruptions,
        Priors.NONE);
  }

  private static SimulatedModel model(String name) {
    return new SimulatedModel(
        name,
        ModelFamily.OTHER,
        100,
        Map.of("chrome", 3.0),
        Map.of("chrome", Map.of(WASM, 10.0)),
        0,
        0);
  }

  private static Map<String, Double> run(Workload workload) {
    RunLog log =
        Simulation.run(
            workload,
            Conditions.of(1, 0, true),
            (board, times, moves, _) -> new LeastLoaded(board, times, moves));
    return Metrics.of(workload, log);
  }

  @Test
  void aResidentModelIsNotLoadedAgain() {
    assertThat(run(small(100, List.of(), 0, 0, 0)).get("makespanSeconds")).isEqualTo(33);
  }

  @Test
  void theLeastRecentlyUsedModelIsEvictedWhenMemoryIsShort() {
    assertThat(run(small(200, List.of(), 0, 1, 0, 1)).get("modelLoads")).isEqualTo(2);
    assertThat(run(small(199, List.of(), 0, 1, 0, 1)).get("modelLoads")).isEqualTo(4);
  }

  @Test
  void aModelThatFitsNowhereIsUnplaceable() {
    Map<String, Double> metrics = run(small(99, List.of(), 0, 0));

    assertThat(metrics.get("unplaceable")).isEqualTo(2);
    assertThat(metrics).doesNotContainKey("makespanSeconds");
  }

  @Test
  void theLossOfABrowserIsNoticedAfterSixSecondsAndItsTaskRunsAgain() {
    Map<String, Double> metrics =
        run(small(100, List.of(new Disruption.WorkerLost(5, 0, 1, 20)), 0));

    assertThat(metrics.get("makespanSeconds")).isEqualTo(25 + 13);
    assertThat(metrics.get("recoverySeconds")).isEqualTo(20);
    assertThat(metrics.get("completed")).isEqualTo(1);
  }

  @Test
  void aSlowdownHitsTasksThatStartWithinIt() {
    Map<String, Double> metrics =
        run(small(100, List.of(new Disruption.Slowdown(13, 0, 2, 1)), 0, 0, 0));

    assertThat(metrics.get("makespanSeconds")).isCloseTo(13 + 20 + 10, within(1e-9));
  }
}
