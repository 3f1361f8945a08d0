package dev.ballast.simulate;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.workload.Arrivals;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.SimulatedModel;
import dev.ballast.simulate.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small workload, said in a few words. Memory is ample and nothing fails unless told. */
public final class TestingWorkload {
  private final List<BrowserClass> browsers = new ArrayList<>();
  private final List<SimulatedModel> models = new ArrayList<>();
  private final List<Double> times = new ArrayList<>();
  private final List<Integer> arrivals = new ArrayList<>();
  private final List<Disruption> disruptions = new ArrayList<>();

  public TestingWorkload browsers(String kind, int count, int slots) {
    browsers.add(
        new BrowserClass(
            kind, new BrowserKind(kind), count, slots, 100_000, List.of(Backend.WASM)));
    return this;
  }

  /** Seconds in the order of the browser classes; NaN where it can't run. */
  public TestingWorkload model(ModelFamily family, double loadSeconds, double... seconds) {
    Map<String, Map<Backend, Double>> service = new HashMap<>();
    Map<String, Double> load = new HashMap<>();
    for (int at = 0; at < seconds.length; at++) {
      load.put(browsers.get(at).name(), loadSeconds);
      if (!Double.isNaN(seconds[at])) {
        service.put(browsers.get(at).name(), Map.of(Backend.WASM, seconds[at]));
      }
    }
    models.add(new SimulatedModel("model-" + models.size(), family, 100, load, service, 0, 0));
    return this;
  }

  /** Of the first model. */
  public TestingWorkload tasks(int count) {
    return tasks(0, count, 0);
  }

  public TestingWorkload tasks(double atSeconds, int count, int model) {
    for (int i = 0; i < count; i++) {
      times.add(atSeconds);
      arrivals.add(model);
    }
    return this;
  }

  public TestingWorkload disruption(Disruption disruption) {
    disruptions.add(disruption);
    return this;
  }

  public Workload build() {
    return new Workload(
        "testing",
        browsers,
        models,
        Arrivals.of(
            times.stream().mapToDouble(Double::doubleValue).toArray(),
            arrivals.stream().mapToInt(Integer::intValue).toArray()),
        disruptions,
        Priors.NONE);
  }

  /** Runs it with known times. */
  public RunLog run(Scheduler.Factory policy) {
    return Simulation.run(build(), Conditions.of(1, 0, true), policy);
  }

  public Map<String, Double> measure(Scheduler.Factory policy) {
    Workload workload = build();
    return Metrics.of(workload, Simulation.run(workload, Conditions.of(1, 0, true), policy));
  }

  public static double start(RunLog log, int task) {
    return log.started[task];
  }

  public static double end(RunLog log, int task) {
    return log.ended[task];
  }

  /** Index of the browser that ran it. */
  public static int browser(RunLog log, int task) {
    return log.browser[task];
  }

  public static long steals(RunLog log) {
    return log.steals;
  }
}
