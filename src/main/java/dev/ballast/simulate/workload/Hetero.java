package dev.ballast.simulate.workload;

import dev.ballast.balancer.Priors;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Unrelated machines: each replication is an instance of its own. 2–6 classes of browsers, 2–40
 * browsers of 1 or 2 slots, 3–12 models, 20–200 tasks per slot. Base time of a model 5 s · exp(N(0,
 * 0.8)); half of the instances have times base · exp(N(0, 0.5)) for each pair, the other half base
 * · exp(N(0, 0.5)) per class · exp(N(0, 0.15)). A tenth of the pairs is impossible. Loads take 0–1
 * base times, services vary by 0–0.5, 1–4 models fit into a browser.
 */
final class Hetero {
  private static final double MODEL_MIB = 256;

  private Hetero() {}

  static Workload instance(Builtin builtin, Chance chance) {
    List<BrowserClass> browsers = browsers(chance);
    List<SimulatedModel> models = models(browsers, chance);
    Workload idle =
        new Workload(builtin.name(), browsers, models, Arrivals.NONE, List.of(), Priors.NONE);
    double[] shares = chance.shares(models.size());
    int perSlot = chance.between(20, 200);
    int count = builtin.tasks() > 0 ? builtin.tasks() : perSlot * idle.slots();
    return idle.withArrivals(
        Generated.arrivals(idle, shares, count, builtin.traffic(), builtin.load(), chance));
  }

  private static List<BrowserClass> browsers(Chance chance) {
    int classes = chance.between(2, 6);
    int total = chance.between(Math.max(2, classes), 40);
    int[] counts = new int[classes];
    for (int i = 0; i < total; i++) {
      counts[i < classes ? i : chance.between(0, classes - 1)]++;
    }
    List<BrowserClass> browsers = new ArrayList<>();
    for (int at = 0; at < classes; at++) {
      int slots = chance.between(1, 2);
      int fitting = Math.max(slots, chance.between(1, 4));
      browsers.add(
          new BrowserClass(
              "class-" + (char) ('a' + at),
              new BrowserKind("kind-" + (char) ('a' + at)),
              counts[at],
              slots,
              fitting * MODEL_MIB,
              List.of(Backend.WASM)));
    }
    return browsers;
  }

  private static List<SimulatedModel> models(List<BrowserClass> browsers, Chance chance) {
    int count = chance.between(3, 12);
    boolean correlated = chance.uniform() < 0.5;
    double[] speed = new double[browsers.size()];
    for (int at = 0; at < speed.length; at++) {
      speed[at] = StrictMath.exp(0.5 * chance.normal());
    }
    List<SimulatedModel> models = new ArrayList<>();
    for (int of = 0; of < count; of++) {
      double base = 5 * StrictMath.exp(0.8 * chance.normal());
      double load = base * chance.uniform();
      int sure = chance.between(0, browsers.size() - 1);
      Map<String, Map<Backend, Double>> service = new HashMap<>();
      Map<String, Double> loads = new HashMap<>();
      for (int at = 0; at < browsers.size(); at++) {
        double time =
            correlated
                ? base * speed[at] * StrictMath.exp(0.15 * chance.normal())
                : base * StrictMath.exp(0.5 * chance.normal());
        loads.put(browsers.get(at).name(), load);
        boolean impossible = chance.uniform() < 0.1;
        if (!impossible || at == sure) {
          service.put(browsers.get(at).name(), Map.of(Backend.WASM, time));
        }
      }
      models.add(
          new SimulatedModel(
              "model-" + (of + 1),
              ModelFamily.OTHER,
              MODEL_MIB,
              loads,
              service,
              chance.uniform(0, 0.5),
              0));
    }
    return models;
  }
}
