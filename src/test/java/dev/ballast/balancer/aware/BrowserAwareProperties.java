package dev.ballast.balancer.aware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.plan.LowerBounds;
import dev.ballast.simulate.Conditions;
import dev.ballast.simulate.Metrics;
import dev.ballast.simulate.Simulation;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Builtin;
import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.Workload;
import java.util.List;
import java.util.Map;
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

  /** Equal candidates go by number: the order of classes may decide between them, and no more. */
  @Property(tries = 100)
  void theOrderOfBrowsersDecidesNothingButTies(@ForAll long seed) {
    Workload workload = new TestingFleets(seed).calm().workload();
    List<BrowserClass> reversed = workload.browsers().reversed();
    Workload mirrored =
        new Workload(
            workload.name(),
            reversed,
            workload.models(),
            workload.arrivals(),
            List.of(),
            workload.priors());

    Map<String, Double> figures = run(workload, seed, true);
    Map<String, Double> mirroredFigures = run(mirrored, seed, true);

    for (String metric : List.of("makespanSeconds", "meanSojournSeconds")) {
      double figure = figures.get(metric);
      assertThat(mirroredFigures.get(metric)).isCloseTo(figure, within(0.1 * figure));
    }
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
