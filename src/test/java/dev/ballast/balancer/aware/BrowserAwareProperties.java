package dev.ballast.balancer.aware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.plan.LowerBounds;
import dev.ballast.simulate.Conditions;
import dev.ballast.simulate.Metrics;
import dev.ballast.simulate.RunLog;
import dev.ballast.simulate.Simulation;
import dev.ballast.simulate.TestingWorkload;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Builtin;
import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * What holds for every fleet and every traffic. Slots and memory are guarded by the board itself: a
 * start that breaks them throws.
 */
class BrowserAwareProperties {
  @Property(tries = 300)
  void everyTaskEndsOnceWhateverHappens(@ForAll long seed, @ForAll boolean known) {
    Workload workload = new TestingFleets(seed).workload();

    Map<String, Double> metrics = run(workload, seed, known);

    assertThat(metrics.get("lost")).isZero();
    assertThat(metrics.get("duplicated")).isZero();
    assertThat(metrics.get("completed") + metrics.get("failed"))
        .isEqualTo(workload.arrivals().size());
  }

  @Property(tries = 50)
  void theSameSeedMakesTheSameDecisions(@ForAll long seed) {
    Workload workload = new TestingFleets(seed).workload();

    assertThat(run(workload, seed, false)).isEqualTo(run(workload, seed, false));
  }

  /** With that many slots one virtual schedule serves several decisions. */
  @Property(tries = 4)
  void inALargeFleetEveryTaskEndsOnceAndTheSameSeedDecidesAlike(@ForAll long seed) {
    Workload calm =
        Builtin.find("scale-1000").orElseThrow().withTasks(6000).withLoad(1.1).instance(seed, 0);
    Workload workload =
        calm.withDisruptions(
            List.of(
                new Disruption.WorkerLost(1, 0, 40, 2),
                new Disruption.Slowdown(1.5, 1, 3, 2),
                new Disruption.WorkerLost(2, 2, 40, 1000)));

    Map<String, Double> metrics = run(workload, seed, false);

    assertThat(metrics.get("completed")).isEqualTo(6000);
    assertThat(metrics.get("lost") + metrics.get("duplicated")).isZero();
    assertThat(run(workload, seed, false)).isEqualTo(metrics);
  }

  @Property(tries = 150)
  void noScheduleIsBelowTheBounds(@ForAll long seed) {
    Workload workload = new TestingFleets(seed).calm().workload();

    Map<String, Double> metrics = run(workload, seed, true);

    LowerBounds bounds = bounds(workload);
    assertThat(metrics.get("makespanSeconds"))
        .isGreaterThanOrEqualTo(bounds.makespanSeconds() - 1e-6);
    assertThat(metrics.get("meanSojournSeconds"))
        .isGreaterThanOrEqualTo(bounds.meanSojournSeconds() - 1e-6);
  }

  /** Which model starts when on which browser; tasks of a model are alike. */
  private record Start(double seconds, int model, String browser) {}

  @Property(tries = 200)
  void whileTasksArriveTheOrderOfBrowsersDecidesNothing(@ForAll long seed) {
    assertTheOrderOfBrowsersDecidesNothing(
        new TestingFleets(seed).calm().arriving().workload(), seed);
  }

  @Property(tries = 1000)
  void inABatchTheOrderOfBrowsersDecidesNothing(@ForAll long seed) {
    assertTheOrderOfBrowsersDecidesNothing(
        new TestingFleets(seed).calm().atOnce().workload(), seed);
  }

  private static void assertTheOrderOfBrowsersDecidesNothing(Workload workload, long seed) {
    List<Start> starts = starts(workload, seed);
    for (List<BrowserClass> permutation : permutations(workload.browsers())) {
      assertThat(starts(withBrowsers(workload, permutation), seed))
          .describedAs(() -> "seed %d, %s".formatted(seed, permutation))
          .isEqualTo(starts);
    }
  }

  private static List<List<BrowserClass>> permutations(List<BrowserClass> of) {
    if (of.isEmpty()) {
      return List.of(List.of());
    }
    List<List<BrowserClass>> all = new ArrayList<>();
    for (BrowserClass first : of) {
      List<BrowserClass> others = of.stream().filter(other -> !other.equals(first)).toList();
      for (List<BrowserClass> rest : permutations(others)) {
        List<BrowserClass> one = new ArrayList<>(List.of(first));
        one.addAll(rest);
        all.add(one);
      }
    }
    return all;
  }

  private static Workload withBrowsers(Workload workload, List<BrowserClass> browsers) {
    return new Workload(
        workload.name(),
        browsers,
        workload.models(),
        workload.arrivals(),
        List.of(),
        workload.priors());
  }

  /** In the order of time. */
  private static List<Start> starts(Workload workload, long seed) {
    List<String> names =
        workload.browsers().stream()
            .flatMap(browsers ->
                IntStream.rangeClosed(1, browsers.count()).mapToObj(i -> browsers.name() + "-" + i))
            .toList();
    RunLog log =
        Simulation.run(
            workload, Conditions.of(seed, 0, true), BrowserAwareScheduler.POLICY.factory());
    return IntStream.range(0, workload.arrivals().size())
        .mapToObj(task ->
            new Start(
                TestingWorkload.start(log, task),
                workload.arrivals().model(task),
                names.get(TestingWorkload.browser(log, task))))
        .sorted(
            Comparator.comparingDouble(Start::seconds)
                .thenComparing(Start::browser)
                .thenComparingInt(Start::model))
        .toList();
  }

  private static Map<String, Double> run(Workload workload, long seed, boolean known) {
    return Metrics.of(
        workload,
        Simulation.run(
            workload, Conditions.of(seed, 0, known), BrowserAwareScheduler.POLICY.factory()));
  }

  private static LowerBounds bounds(Workload workload) {
    int models = workload.models().size();
    int classes = workload.browsers().size();
    double[][] seconds = new double[models][classes];
    double[] slots = new double[classes];
    for (int at = 0; at < classes; at++) {
      slots[at] = workload.browsers().get(at).count() * workload.browsers().get(at).slots();
      for (int of = 0; of < models; of++) {
        seconds[of][at] = workload.serviceSeconds(of, at);
      }
    }
    int tasks = workload.arrivals().size();
    double[] release = new double[tasks];
    int[] model = new int[tasks];
    for (int i = 0; i < tasks; i++) {
      release[i] = workload.arrivals().seconds(i);
      model[i] = workload.arrivals().model(i);
    }
    return LowerBounds.of(seconds, slots, release, model);
  }
}
