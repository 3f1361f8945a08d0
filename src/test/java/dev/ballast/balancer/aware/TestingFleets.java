package dev.ballast.balancer.aware;

import dev.ballast.balancer.Priors;
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
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** Small random fleets and work for them, with what makes rules stumble: short memory, losses. */
final class TestingFleets {
  private final SplittableRandom random;
  private double variation;
  private boolean trouble;
  private OptionalDouble fixedGap = OptionalDouble.empty();

  TestingFleets(long seed) {
    random = new SplittableRandom(seed);
    variation = random.nextInt(2) * 0.5;
    trouble = random.nextBoolean();
  }

  /** No noise, no failures, no losses: only what the rule decides. */
  TestingFleets calm() {
    variation = 0;
    trouble = false;
    return this;
  }

  /** Tasks come one after another. */
  TestingFleets arriving() {
    fixedGap = OptionalDouble.of(0.05 + 2 * random.nextDouble());
    return this;
  }

  /** All tasks come at time 0. */
  TestingFleets atOnce() {
    fixedGap = OptionalDouble.of(0);
    return this;
  }

  Workload workload() {
    List<BrowserClass> browsers = new ArrayList<>();
    int classes = 1 + random.nextInt(3);
    for (int at = 0; at < classes; at++) {
      int slots = 1 + random.nextInt(2);
      browsers.add(
          new BrowserClass(
              "class-" + at,
              new BrowserKind("kind-" + at),
              1 + random.nextInt(4),
              slots,
              100.0 * Math.max(slots, 1 + random.nextInt(3)),
              List.of(Backend.WASM)));
    }
    List<SimulatedModel> models = new ArrayList<>();
    int kinds = 1 + random.nextInt(5);
    for (int of = 0; of < kinds; of++) {
      Map<String, Map<Backend, Double>> service = new HashMap<>();
      Map<String, Double> loads = new HashMap<>();
      int sure = random.nextInt(classes);
      for (int at = 0; at < classes; at++) {
        loads.put("class-" + at, random.nextInt(4) * 1.0);
        if (at == sure || random.nextInt(5) > 0) {
          service.put("class-" + at, Map.of(Backend.WASM, 1 + 9 * random.nextDouble()));
        }
      }
      models.add(
          new SimulatedModel(
              "model-" + of, ModelFamily.OTHER, 100, loads, service, variation, trouble ? 0.1 : 0));
    }
    List<Disruption> disruptions = new ArrayList<>();
    if (trouble) {
      disruptions.add(new Disruption.WorkerLost(5, random.nextInt(classes), 1, 30));
      disruptions.add(new Disruption.WorkerLost(20, random.nextInt(classes), 4, 10));
      disruptions.add(new Disruption.Slowdown(10, random.nextInt(classes), 3, 20));
    }
    int tasks = 1 + random.nextInt(150);
    double anyGap = random.nextInt(3) * random.nextDouble() * 2;
    double gap = fixedGap.orElse(anyGap);
    double[] times = new double[tasks];
    int[] model = new int[tasks];
    for (int i = 0; i < tasks; i++) {
      times[i] = (i == 0 ? 0 : times[i - 1]) - gap * Math.log(1 - random.nextDouble());
      model[i] = random.nextInt(kinds);
    }
    return new Workload(
        "random", browsers, models, Arrivals.of(times, model), disruptions, Priors.NONE);
  }
}
