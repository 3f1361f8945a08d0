package dev.ballast.simulate.workload;

import dev.ballast.balancer.Priors;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tasks so short that they are handed out before a slot is free: six models of 0.1–0.8 s on three
 * browsers each of chrome, firefox and edge, with two slots and 2 GiB, each family as much faster
 * on one kind of browser as in {@code seed-mix}.
 *
 * @param load rate of arrivals ÷ what the fleet can do at best, ignoring loads of models
 * @param tasks how many come, about
 * @param mostTogether jobs have 1 to so many tasks of one model
 * @param others models that come beside the short ones
 */
public record ShortTasks(
    String name, Traffic traffic, double load, int tasks, int mostTogether, List<Other> others)
    implements WorkloadSource {
  private static final int PER_KIND = 3;
  private static final int SLOTS = 2;
  private static final double MEMORY_MIB = 2048;
  private static final double LOAD_SECONDS = 0.5;
  private static final double VARIATION = 0.25;
  private static final double SHORTEST = 0.1;
  private static final double LONGEST = 0.8;

  private static final List<ModelFamily> FAMILIES =
      List.of(ModelFamily.VISION, ModelFamily.AUDIO, ModelFamily.TEXT_EMBEDDING);

  /**
   * A model that is not like the short ones.
   *
   * @param share of the tasks, 0–1
   */
  public record Other(
      String name, double share, double serviceSeconds, double loadSeconds, double memoryMiB) {}

  public ShortTasks {
    others = List.copyOf(others);
  }

  /** Only so many of them. */
  public ShortTasks withTasks(int count) {
    return new ShortTasks(name, traffic, load, count, mostTogether, others);
  }

  @Override
  public Workload instance(long seed, int replication) {
    Chance chance = Chance.of(Arrays.hashCode(name.toCharArray()), seed, replication);
    Workload idle = idle(chance);
    double[] shares = new double[idle.models().size()];
    double rest = 1;
    for (int i = 0; i < others.size(); i++) {
      shares[shares.length - others.size() + i] = others.get(i).share();
      rest -= others.get(i).share();
    }
    int shortModels = shares.length - others.size();
    double[] among = chance.shares(shortModels);
    for (int i = 0; i < shortModels; i++) {
      shares[i] = rest * among[i];
    }
    double together = (1 + mostTogether) / 2.0;
    Arrivals jobs =
        Generated.arrivals(
            idle, shares, (int) Math.round(tasks / together), traffic, load / together, chance);
    return idle.withArrivals(tasksOf(jobs, chance));
  }

  private Arrivals tasksOf(Arrivals jobs, Chance chance) {
    List<Double> seconds = new ArrayList<>();
    List<Integer> models = new ArrayList<>();
    for (int job = 0; job < jobs.size(); job++) {
      int count = chance.between(1, mostTogether);
      for (int i = 0; i < count; i++) {
        seconds.add(jobs.seconds(job));
        models.add(jobs.model(job));
      }
    }
    return Arrivals.of(
        seconds.stream().mapToDouble(Double::doubleValue).toArray(),
        models.stream().mapToInt(Integer::intValue).toArray());
  }

  private Workload idle(Chance chance) {
    List<BrowserClass> browsers = new ArrayList<>();
    for (BrowserKind kind : List.of(BrowserKind.CHROME, BrowserKind.FIREFOX, BrowserKind.EDGE)) {
      browsers.add(
          new BrowserClass(kind.name(), kind, PER_KIND, SLOTS, MEMORY_MIB, List.of(Backend.WASM)));
    }
    List<SimulatedModel> models = new ArrayList<>();
    for (ModelFamily family : FAMILIES) {
      for (int i = 1; i <= 2; i++) {
        double base =
            SHORTEST * StrictMath.exp(chance.uniform() * StrictMath.log(LONGEST / SHORTEST));
        models.add(
            model(
                family.label() + "-" + i,
                family,
                base,
                LOAD_SECONDS,
                chance.uniform(60, 160),
                browsers));
      }
    }
    for (Other other : others) {
      models.add(
          model(
              other.name(),
              ModelFamily.LLM,
              other.serviceSeconds(),
              other.loadSeconds(),
              other.memoryMiB(),
              browsers));
    }
    return new Workload(name, browsers, models, Arrivals.NONE, List.of(), Priors.DEFAULTS);
  }

  private static SimulatedModel model(
      String name,
      ModelFamily family,
      double baseSeconds,
      double loadSeconds,
      double memoryMiB,
      List<BrowserClass> browsers) {
    Priors speed = new Priors(SeedMix.CLAIMED, 1);
    Map<String, Map<Backend, Double>> service = new HashMap<>();
    Map<String, Double> loads = new HashMap<>();
    for (BrowserClass at : browsers) {
      double seconds = baseSeconds / speed.advantage(family, at.kind());
      service.put(at.name(), Map.of(Backend.WASM, seconds));
      loads.put(at.name(), loadSeconds);
    }
    return new SimulatedModel(name, family, memoryMiB, loads, service, VARIATION, 0);
  }
}
