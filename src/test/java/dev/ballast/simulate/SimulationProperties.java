package dev.ballast.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.rival.Rivals;
import dev.ballast.balancer.schedule.Policy;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.workload.Arrivals;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Chance;
import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.SimulatedModel;
import dev.ballast.simulate.workload.Workload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every rule on every workload: failures, losses and slowdowns included. */
class SimulationProperties {
  @Provide
  Arbitrary<Policy> policies() {
    return Arbitraries.of(Policies.all());
  }

  @Property(tries = 300)
  void everyTaskHasOneEnd(
      @ForAll("policies") Policy policy, @ForAll long seed, @ForAll boolean known) {
    Workload workload = messy(seed);
    RunLog log = Simulation.run(workload, Conditions.of(seed, 0, known), policy.factory());
    Map<String, Double> metrics = Metrics.of(workload, log);

    assertThat(metrics).containsEntry("lost", 0.0).containsEntry("duplicated", 0.0);
    assertThat(metrics.get("completed") + metrics.get("failed") + metrics.get("unplaceable"))
        .isEqualTo(workload.arrivals().size());
  }

  @Property(tries = 300)
  void hardConstraintsAreNeverBroken(@ForAll("policies") Policy policy, @ForAll long seed) {
    Workload workload = messy(seed);

    List<String> violations = new ArrayList<>();
    RunLog log =
        Simulation.run(
            workload,
            Conditions.of(seed, 0, true),
            (board, times, moves, lots) ->
                new TestingWatcher(
                    board, policy.factory().create(board, times, moves, lots), violations));

    assertThat(violations).isEmpty();
    int browser = 0;
    List<Integer> classOf = new ArrayList<>();
    for (BrowserClass browsers : workload.browsers()) {
      classOf.addAll(Collections.nCopies(browsers.count(), workload.browsers().indexOf(browsers)));
      browser += browsers.count();
    }
    assertThat(browser).isEqualTo(log.busySeconds.length);
    for (int task = 0; task < workload.arrivals().size(); task++) {
      if (log.end[task] == RunLog.End.COMPLETED) {
        assertThat(log.started[task]).isGreaterThanOrEqualTo(workload.arrivals().seconds(task));
        assertThat(
                workload.serviceSeconds(
                    workload.arrivals().model(task), classOf.get(log.browser[task])))
            .isFinite();
      }
    }
  }

  @Property(tries = 100)
  void theSameSeedGivesTheSameFigures(
      @ForAll("policies") Policy policy, @ForAll long seed, @ForAll boolean known) {
    Workload workload = messy(seed);
    Conditions conditions = Conditions.of(seed, 3, known);

    assertThat(Metrics.of(workload, Simulation.run(workload, conditions, policy.factory())))
        .isEqualTo(Metrics.of(workload, Simulation.run(workload, conditions, policy.factory())));
  }

  /** Where no two browsers of different classes are ever equally good, their order says nothing. */
  @Property(tries = 100)
  void theOrderOfTheBrowserClassesChangesNothingButTies(@ForAll long seed) {
    Workload workload = calm(seed);
    List<BrowserClass> reversed = new ArrayList<>(workload.browsers());
    Collections.reverse(reversed);
    Workload other =
        new Workload(
            workload.name(),
            reversed,
            workload.models(),
            workload.arrivals(),
            List.of(),
            Priors.NONE);
    for (String name : List.of("earliest-completion", "min-min", "max-weight")) {
      Policy policy =
          Rivals.all().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
      Conditions conditions = Conditions.of(seed, 0, true);
      RunLog first = Simulation.run(workload, conditions, policy.factory());
      RunLog second = Simulation.run(other, conditions, policy.factory());

      assertThat(second.started).describedAs(name).isEqualTo(first.started);
      assertThat(second.ended).describedAs(name).isEqualTo(first.ended);
    }
  }

  /** Anything that may go wrong does. */
  static Workload messy(long seed) {
    Chance chance = Chance.of(seed, 1);
    List<BrowserClass> browsers = new ArrayList<>();
    int classes = chance.between(1, 3);
    for (int at = 0; at < classes; at++) {
      browsers.add(
          new BrowserClass(
              "class-" + at,
              List.of(BrowserKind.CHROME, BrowserKind.FIREFOX, BrowserKind.EDGE).get(at),
              chance.between(1, 4),
              chance.between(1, 3),
              chance.between(100, 700),
              chance.between(0, 1) == 0
                  ? List.of(Backend.WASM)
                  : List.of(Backend.WASM, Backend.WEBGPU)));
    }
    List<SimulatedModel> models = new ArrayList<>();
    int count = chance.between(1, 5);
    for (int of = 0; of < count; of++) {
      Map<String, Map<Backend, Double>> service = new HashMap<>();
      Map<String, Double> load = new HashMap<>();
      for (BrowserClass at : browsers) {
        load.put(at.name(), chance.uniform(0, 5));
        if (chance.uniform() < 0.8) {
          service.put(
              at.name(),
              Map.of(
                  Backend.WASM, chance.uniform(0.5, 20), Backend.WEBGPU, chance.uniform(0.5, 20)));
        }
      }
      models.add(
          new SimulatedModel(
              "model-" + of,
              List.of(ModelFamily.values()).get(chance.between(0, 5)),
              chance.between(50, 400),
              load,
              service,
              chance.uniform(0, 1),
              chance.uniform(0, 0.3)));
    }
    int tasks = chance.between(0, 60);
    double[] seconds = new double[tasks];
    int[] which = new int[tasks];
    boolean batch = chance.uniform() < 0.5;
    for (int task = 0; task < tasks; task++) {
      seconds[task] = batch ? 0 : chance.uniform(0, 200);
      which[task] = chance.between(0, count - 1);
    }
    List<Disruption> disruptions = new ArrayList<>();
    for (int i = chance.between(0, 4); i > 0; i--) {
      int at = chance.between(0, classes - 1);
      disruptions.add(
          chance.uniform() < 0.7
              ? new Disruption.WorkerLost(
                  chance.uniform(0, 150), at, chance.between(1, 3), chance.uniform(1, 60))
              : new Disruption.Slowdown(
                  chance.uniform(0, 150), at, chance.uniform(1, 5), chance.uniform(1, 60)));
    }
    return new Workload(
        "messy", browsers, models, Arrivals.of(seconds, which), disruptions, Priors.DEFAULTS);
  }

  /** One browser of one slot per class; every pair has a time of its own. */
  private static Workload calm(long seed) {
    Chance chance = Chance.of(seed, 2);
    List<BrowserClass> browsers = new ArrayList<>();
    for (int at = 0; at < 4; at++) {
      browsers.add(
          new BrowserClass("class-" + at, BrowserKind.CHROME, 1, 1, 1000, List.of(Backend.WASM)));
    }
    List<SimulatedModel> models = new ArrayList<>();
    for (int of = 0; of < 3; of++) {
      Map<String, Map<Backend, Double>> service = new HashMap<>();
      Map<String, Double> load = new HashMap<>();
      for (BrowserClass at : browsers) {
        load.put(at.name(), chance.uniform(0, 2));
        service.put(at.name(), Map.of(Backend.WASM, chance.uniform(1, 10)));
      }
      models.add(new SimulatedModel("model-" + of, ModelFamily.OTHER, 100, load, service, 0.3, 0));
    }
    double[] seconds = new double[40];
    int[] which = new int[40];
    for (int task = 0; task < 40; task++) {
      seconds[task] = chance.uniform(0, 60);
      which[task] = chance.between(0, 2);
    }
    return new Workload(
        "calm", browsers, models, Arrivals.of(seconds, which), List.of(), Priors.NONE);
  }
}
