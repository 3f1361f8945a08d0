package dev.ballast.simulate.workload;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Priors.Affinity;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fleet and the models that most built-in workloads share: 8 browsers each of chrome, firefox
 * and edge with 2 slots and 2 GiB; 3 models a family of 250–500 MiB, base time 4 s, variation 0.25,
 * load 3 s; vision, audio, text-embedding and llm come 40 : 30 : 20 : 10.
 *
 * @param truth how much faster a family is where
 * @param perKind browsers of each kind
 */
record SeedMix(
    List<Affinity> truth, int perKind, double memoryMiB, double loadSeconds, double failureRatio) {
  private static final double BASE_SECONDS = 4;
  private static final double VARIATION = 0.25;
  private static final int SLOTS = 2;
  private static final double[] MIB = {250, 375, 500};

  static final List<Affinity> CLAIMED =
      List.of(
          new Affinity(ModelFamily.AUDIO, BrowserKind.FIREFOX, 1.55),
          new Affinity(ModelFamily.VISION, BrowserKind.CHROME, 1.20),
          new Affinity(ModelFamily.TEXT_EMBEDDING, BrowserKind.EDGE, 1.35));

  /** Each family is fastest where nothing is claimed of it, by as much as is claimed elsewhere. */
  static final List<Affinity> CONTRARY =
      List.of(
          new Affinity(ModelFamily.AUDIO, BrowserKind.CHROME, 1.55),
          new Affinity(ModelFamily.VISION, BrowserKind.EDGE, 1.20),
          new Affinity(ModelFamily.TEXT_EMBEDDING, BrowserKind.FIREFOX, 1.35));

  /** As claimed by the ancestor. */
  static final SeedMix STANDARD = new SeedMix(CLAIMED, 8, 2048, 3, 0);

  private static final List<ModelFamily> FAMILIES =
      List.of(ModelFamily.VISION, ModelFamily.AUDIO, ModelFamily.TEXT_EMBEDDING, ModelFamily.LLM);
  private static final double[] SHARES = {0.4, 0.3, 0.2, 0.1};

  SeedMix withTruth(List<Affinity> other) {
    return new SeedMix(other, perKind, memoryMiB, loadSeconds, failureRatio);
  }

  SeedMix withPerKind(int browsers) {
    return new SeedMix(truth, browsers, memoryMiB, loadSeconds, failureRatio);
  }

  SeedMix withMemory(double mebibytes, double seconds) {
    return new SeedMix(truth, perKind, mebibytes, seconds, failureRatio);
  }

  SeedMix withFailures(double ratio) {
    return new SeedMix(truth, perKind, memoryMiB, loadSeconds, ratio);
  }

  /** The fleet and the models; nothing arrives yet. */
  Workload idle(String name) {
    List<BrowserClass> browsers = new ArrayList<>();
    for (BrowserKind kind : List.of(BrowserKind.CHROME, BrowserKind.FIREFOX, BrowserKind.EDGE)) {
      browsers.add(
          new BrowserClass(kind.name(), kind, perKind, SLOTS, memoryMiB, List.of(Backend.WASM)));
    }
    Priors speed = new Priors(truth, 1);
    List<SimulatedModel> models = new ArrayList<>();
    for (ModelFamily family : FAMILIES) {
      for (int i = 0; i < MIB.length; i++) {
        Map<String, Map<Backend, Double>> service = new HashMap<>();
        Map<String, Double> loads = new HashMap<>();
        for (BrowserClass at : browsers) {
          double seconds = BASE_SECONDS / speed.advantage(family, at.kind());
          service.put(at.name(), Map.of(Backend.WASM, seconds));
          loads.put(at.name(), loadSeconds);
        }
        models.add(
            new SimulatedModel(
                family.label() + "-" + (i + 1),
                family,
                MIB[i],
                loads,
                service,
                VARIATION,
                failureRatio));
      }
    }
    return new Workload(name, browsers, models, Arrivals.NONE, List.of(), Priors.DEFAULTS);
  }

  /** How often each model comes. */
  static double[] shares() {
    double[] shares = new double[FAMILIES.size() * MIB.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = SHARES[i / MIB.length] / MIB.length;
    }
    return shares;
  }
}
