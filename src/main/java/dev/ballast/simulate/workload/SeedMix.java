package dev.ballast.simulate.workload;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Priors.Affinity;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The world as the configured priors believe it to be (or its contrary): 8 browsers each of chrome,
 * firefox and edge with 2 slots and 2 GiB; 3 models a family of 250–500 MiB, base time 4 s,
 * variation 0.25, load 3 s; vision, audio, text-embedding and llm come 40 : 30 : 20 : 10.
 *
 * @param truth how much faster a family is where
 */
record SeedMix(String name, List<Affinity> truth, Traffic traffic, double load, int tasks)
    implements WorkloadSource {
  private static final long STREAM = 0x7365_6564L;
  private static final double BASE_SECONDS = 4;
  private static final int MODELS_PER_FAMILY = 3;
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

  private static final Map<ModelFamily, Double> SHARES =
      Map.of(
          ModelFamily.VISION, 0.4,
          ModelFamily.AUDIO, 0.3,
          ModelFamily.TEXT_EMBEDDING, 0.2,
          ModelFamily.LLM, 0.1);
  private static final List<ModelFamily> FAMILIES =
      List.of(ModelFamily.VISION, ModelFamily.AUDIO, ModelFamily.TEXT_EMBEDDING, ModelFamily.LLM);

  @Override
  public Workload instance(long seed, int replication) {
    Workload idle = idle(name, truth, 8);
    return idle.withArrivals(
        Generated.arrivals(
            idle, shares(), tasks, traffic, load, Chance.of(STREAM, seed, replication)));
  }

  /** The fleet and the models; {@code count} browsers of each kind. */
  static Workload idle(String name, List<Affinity> truth, int count) {
    List<BrowserClass> browsers = new ArrayList<>();
    for (BrowserKind kind : List.of(BrowserKind.CHROME, BrowserKind.FIREFOX, BrowserKind.EDGE)) {
      browsers.add(new BrowserClass(kind.name(), kind, count, 2, 2048, Generated.BACKENDS));
    }
    Priors speed = new Priors(truth, 1);
    List<SimulatedModel> models = new ArrayList<>();
    for (ModelFamily family : FAMILIES) {
      for (int i = 0; i < MODELS_PER_FAMILY; i++) {
        Map<String, Map<dev.ballast.model.Backend, Double>> service = new HashMap<>();
        Map<String, Double> loads = new HashMap<>();
        for (BrowserClass at : browsers) {
          service.put(at.name(), Generated.on(BASE_SECONDS / speed.advantage(family, at.kind())));
          loads.put(at.name(), 3.0);
        }
        models.add(
            new SimulatedModel(
                family.label() + "-" + (i + 1), family, MIB[i], loads, service, 0.25, 0));
      }
    }
    return new Workload(name, browsers, models, Arrivals.NONE, List.of(), Priors.DEFAULTS);
  }

  /** How often each model comes. */
  static double[] shares() {
    double[] shares = new double[FAMILIES.size() * MODELS_PER_FAMILY];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = SHARES.getOrDefault(FAMILIES.get(i / MODELS_PER_FAMILY), 0.0) / MODELS_PER_FAMILY;
    }
    return shares;
  }
}
