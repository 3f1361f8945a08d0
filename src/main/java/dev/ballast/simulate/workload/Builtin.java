package dev.ballast.simulate.workload;

import dev.ballast.balancer.Priors.Affinity;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A workload that comes with Ballast: each replication an instance of its own, by seed.
 *
 * @param traffic how tasks come, unless the user says otherwise
 * @param load rate of arrivals ÷ what the fleet can do at best, ignoring loads of models
 * @param tasks how many come; 0: the workload's own business
 * @param shaped tasks come in a shape of its own, which leaves a say to nothing but the load
 */
public record Builtin(
    String name,
    String description,
    Traffic traffic,
    double load,
    int tasks,
    boolean shaped,
    Recipe recipe)
    implements WorkloadSource {
  private static final double BURST_FACTOR = 3;
  private static final double BURST_FROM = 120;
  private static final double BURST_SECONDS = 60;
  private static final double BURST_TOTAL = 300;
  private static final double DAY_SECONDS = 1200;
  private static final double DAY_SWING = 0.8;

  /** Makes the instance of a replication. */
  interface Recipe extends BiFunction<Builtin, Chance, Workload> {}

  /** All of them. */
  public static List<Builtin> all() {
    List<Builtin> all = new ArrayList<>();
    all.add(
        new Builtin(
            "seed-mix",
            "the world as the ancestor claims it: audio 1.55x on firefox, vision 1.20x on chrome,"
                + " text-embedding 1.35x on edge",
            Traffic.POISSON,
            0.85,
            4000,
            false,
            (self, chance) -> self.steady(SeedMix.STANDARD, chance)));
    all.add(
        new Builtin(
            "seed-wrong",
            "the contrary: each family is fastest where nothing is claimed of it",
            Traffic.POISSON,
            0.85,
            4000,
            false,
            (self, chance) -> self.steady(SeedMix.STANDARD.withTruth(SeedMix.CONTRARY), chance)));
    all.add(
        new Builtin(
            "burst",
            "seed-mix at the given load, three times that for 60 s",
            Traffic.POISSON,
            0.6,
            0,
            true,
            Builtin::burst));
    all.add(
        new Builtin(
            "diurnal",
            "seed-mix over two days of 20 minutes; the load swings by 80 % around the given one",
            Traffic.POISSON,
            0.6,
            0,
            true,
            Builtin::diurnal));
    all.add(
        new Builtin(
            "hetero",
            "unrelated machines, another instance each replication: 2-6 classes, 3-12 models",
            Traffic.BATCH,
            0.85,
            0,
            false,
            (self, chance) -> Hetero.instance(self, chance)));
    all.add(
        new Builtin(
            "memory-tight",
            "seed-mix where 1 GiB holds two or three models, and a load takes 6 s",
            Traffic.POISSON,
            0.6,
            4000,
            false,
            (self, chance) -> self.steady(SeedMix.STANDARD.withMemory(1024, 6), chance)));
    all.add(
        new Builtin(
            "flaky",
            "seed-mix where browsers vanish and come back, slow down, and 5 % of attempts fail",
            Traffic.POISSON,
            0.7,
            4000,
            false,
            Builtin::flaky));
    all.add(
        new Builtin(
            "release",
            "seed-mix until half of the tasks came; then releases of firefox and chrome, of which"
                + " nobody is told, make audio fast in chrome instead of firefox",
            Traffic.POISSON,
            0.6,
            4000,
            false,
            Builtin::release));
    all.add(
        new Builtin(
            "backends",
            "browsers with wasm, webgpu and webnn: small models are fastest in wasm, large ones in"
                + " the others, and nobody is told",
            Traffic.POISSON,
            0.85,
            4000,
            false,
            (self, chance) ->
                self.steady(BackendMix.idle(self.name), BackendMix.shares(), chance)));
    for (int browsers : new int[] {100, 1000, 10_000}) {
      all.add(
          new Builtin(
              "scale-" + browsers,
              "seed-mix with %,d browsers".formatted(browsers),
              Traffic.POISSON,
              0.85,
              browsers * 20,
              false,
              (self, chance) ->
                  self.steady(SeedMix.STANDARD.withPerKind((browsers + 2) / 3), chance)));
    }
    return all;
  }

  public static Optional<Builtin> find(String name) {
    return all().stream().filter(builtin -> builtin.name.equals(name)).findFirst();
  }

  public Builtin with(Traffic other) {
    return new Builtin(name, description, other, load, tasks, shaped, recipe);
  }

  public Builtin withLoad(double other) {
    return new Builtin(name, description, traffic, other, tasks, shaped, recipe);
  }

  public Builtin withTasks(int count) {
    return new Builtin(name, description, traffic, load, count, shaped, recipe);
  }

  /** The policies are told something else in advance. */
  public Builtin withPriors(Beliefs beliefs) {
    return new Builtin(
        name,
        description,
        traffic,
        load,
        tasks,
        shaped,
        (self, chance) -> beliefs.about(recipe.apply(self, chance)));
  }

  /** Its models and browsers, without arrivals: for a replay. */
  public Workload idle() {
    return recipe.apply(withTasks(1).withLoad(0.01), Chance.of(0)).withArrivals(Arrivals.NONE);
  }

  @Override
  public Workload instance(long seed, int replication) {
    return recipe.apply(this, Chance.of(Arrays.hashCode(name.toCharArray()), seed, replication));
  }

  private Workload steady(SeedMix mix, Chance chance) {
    return steady(mix.idle(name), SeedMix.shares(), chance);
  }

  private Workload steady(Workload idle, double[] shares, Chance chance) {
    return idle.withArrivals(Generated.arrivals(idle, shares, tasks, traffic, load, chance));
  }

  private Workload burst(Chance chance) {
    Workload idle = SeedMix.STANDARD.idle(name);
    return idle.withArrivals(
        Generated.changing(
            idle,
            SeedMix.shares(),
            BURST_TOTAL,
            now ->
                now >= BURST_FROM && now < BURST_FROM + BURST_SECONDS ? load * BURST_FACTOR : load,
            load * BURST_FACTOR,
            chance));
  }

  private Workload diurnal(Chance chance) {
    Workload idle = SeedMix.STANDARD.idle(name);
    return idle.withArrivals(
        Generated.changing(
            idle,
            SeedMix.shares(),
            2 * DAY_SECONDS,
            now -> load * (1 - DAY_SWING * StrictMath.cos(2 * Math.PI * now / DAY_SECONDS)),
            load * (1 + DAY_SWING),
            chance));
  }

  private Workload release(Chance chance) {
    Workload steady = steady(SeedMix.STANDARD, chance);
    double at = steady.arrivals().seconds(steady.arrivals().size() / 2);
    List<Disruption> releases = new ArrayList<>();
    for (int browsers = 0; browsers < steady.browsers().size(); browsers++) {
      BrowserKind kind = steady.browsers().get(browsers).kind();
      for (Affinity was : SeedMix.CLAIMED) {
        if (was.family() == ModelFamily.AUDIO && was.kind().equals(kind)) {
          releases.add(new Disruption.Release(at, browsers, was.family(), was.advantage()));
        }
      }
      for (Affinity is : SeedMix.CONTRARY) {
        if (is.family() == ModelFamily.AUDIO && is.kind().equals(kind)) {
          releases.add(new Disruption.Release(at, browsers, is.family(), 1 / is.advantage()));
        }
      }
    }
    return steady.withDisruptions(releases);
  }

  private Workload flaky(Chance chance) {
    Workload steady = steady(SeedMix.STANDARD.withFailures(0.05), chance);
    double end = tasks == 0 ? 0 : steady.arrivals().seconds(steady.arrivals().size() - 1);
    List<Disruption> disruptions = new ArrayList<>();
    for (double now = chance.exponential(30); now < end; now += chance.exponential(30)) {
      int at = chance.between(0, steady.browsers().size() - 1);
      disruptions.add(
          chance.uniform() < 0.7
              ? new Disruption.WorkerLost(now, at, chance.between(1, 2), chance.uniform(20, 90))
              : new Disruption.Slowdown(now, at, chance.uniform(1.5, 3), chance.uniform(20, 60)));
    }
    return steady.withDisruptions(disruptions);
  }
}
