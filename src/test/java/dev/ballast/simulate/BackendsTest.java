package dev.ballast.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.Hardware;
import dev.ballast.balancer.ProfileKey;
import dev.ballast.balancer.Profiles;
import dev.ballast.balancer.schedule.Policy;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.model.Backend;
import dev.ballast.simulate.workload.Arrivals;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Builtin;
import dev.ballast.simulate.workload.SimulatedModel;
import dev.ballast.simulate.workload.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in workload whose browsers compute in more than one way. */
class BackendsTest {
  private static final int REPLICATIONS = 5;
  private static final Workload WORKLOAD = Builtin.find("backends").orElseThrow().instance(1, 0);

  @Test
  void smallModelsAreFastestInWasmAndLargeOnesElsewhere() {
    for (int model = 0; model < WORKLOAD.models().size(); model++) {
      String name = WORKLOAD.models().get(model).name();
      for (int at = 0; at < WORKLOAD.browsers().size(); at++) {
        if (WORKLOAD.choosesBackend(model, at)) {
          double best = WORKLOAD.serviceSeconds(model, at);
          double wasm = WORKLOAD.serviceSeconds(model, at, Backend.WASM, 0);
          double webgpu = WORKLOAD.serviceSeconds(model, at, Backend.WEBGPU, 0);
          if (name.endsWith("-small")) {
            assertThat(best).isEqualTo(wasm).isLessThan(0.6 * webgpu);
          } else if (name.endsWith("-large")) {
            assertThat(best).isLessThan(wasm / 3);
          } else if (name.equals("audio-medium")) {
            assertThat(webgpu / wasm).isCloseTo(1, within(0.06));
          } else {
            assertThat(best).isLessThan(0.75 * wasm);
          }
        }
      }
    }
  }

  @Test
  void browsersHaveOneTwoOrThreeBackends() {
    assertThat(WORKLOAD.browsers())
        .extracting(BrowserClass::name, browsers -> browsers.backends().size())
        .containsExactly(
            tuple("chrome", 2), tuple("firefox", 1), tuple("edge", 2), tuple("edge-npu", 3));
  }

  /** What is told in advance takes every backend of a browser for as fast as the others. */
  @Test
  void thePriorsSayNothingOfBackends() {
    Profiles believed = new Profiles(WORKLOAD.priors());
    for (SimulatedModel model : WORKLOAD.models()) {
      for (BrowserClass browsers : WORKLOAD.browsers()) {
        assertThat(
                browsers.backends().stream()
                    .map(
                        backend -> believed.serviceSeconds(key(model, browsers, backend)).typical())
                    .distinct())
            .hasSize(1);
      }
    }
  }

  private static ProfileKey key(SimulatedModel model, BrowserClass browsers, Backend backend) {
    return new ProfileKey(
        model.name(),
        model.family(),
        browsers.kind(),
        browsers.name(),
        backend,
        Hardware.of(backend, Optional.empty()));
  }

  @Test
  void theSameSeedIsTheSameInstanceAndAnotherIsNot() {
    assertThat(arrivals(1)).isEqualTo(arrivals(1)).hasSize(4000).isNotEqualTo(arrivals(2));
  }

  private static List<List<Number>> arrivals(long seed) {
    Arrivals arrivals = Builtin.find("backends").orElseThrow().instance(seed, 0).arrivals();
    return IntStream.range(0, arrivals.size())
        .mapToObj(task -> List.<Number>of(arrivals.seconds(task), arrivals.model(task)))
        .toList();
  }

  @Test
  void browserAwareEndsWithEachModelMostlyOnItsBestBackends() {
    RunLog log = run(WORKLOAD, 0, "browser-aware");

    for (int model = 0; model < WORKLOAD.models().size(); model++) {
      assertThat(matchedLate(WORKLOAD, log, model))
          .describedAs(WORKLOAD.models().get(model).name())
          .isGreaterThan(0.85);
    }
  }

  /** They choose among the same estimates, by the same rule. */
  @ParameterizedTest
  @ValueSource(strings = {"least-loaded", "earliest-completion", "min-min", "max-weight"})
  void rivalsFindThemOutAsWell(String rival) {
    double sum = 0;
    for (int replication = 0; replication < REPLICATIONS; replication++) {
      Workload instance = Builtin.find("backends").orElseThrow().instance(1, replication);
      RunLog log = run(instance, replication, rival);
      sum +=
          IntStream.range(0, instance.models().size())
              .mapToDouble(model -> matchedLate(instance, log, model))
              .filter(share -> !Double.isNaN(share))
              .average()
              .orElseThrow();
    }

    assertThat(sum / REPLICATIONS).isGreaterThan(0.9);
  }

  private static RunLog run(Workload instance, int replication, String policy) {
    return Simulation.run(instance, Conditions.of(1, replication, false), policy(policy));
  }

  /**
   * Of the later half of the model's tasks, where there was a choice: the share that ran within 10
   * % of their browser's best backend; NaN where there was none.
   */
  private static double matchedLate(Workload on, RunLog log, int model) {
    int[] classOf = classes(on);
    int matched = 0;
    int choices = 0;
    for (int task = on.arrivals().size() / 2; task < on.arrivals().size(); task++) {
      int at = classOf[log.browser[task]];
      if (on.arrivals().model(task) == model && on.choosesBackend(model, at)) {
        choices++;
        double best = on.serviceSeconds(model, at);
        matched += log.meanSeconds(on, at, task) <= 1.1 * best ? 1 : 0;
      }
    }
    return (double) matched / choices;
  }

  private static int[] classes(Workload on) {
    return IntStream.range(0, on.browsers().size())
        .flatMap(at -> IntStream.generate(() -> at).limit(on.browsers().get(at).count()))
        .toArray();
  }

  @Test
  void whoKnowsTheTimesAlwaysTakesTheBest() {
    assertThat(figures(WORKLOAD, true)).containsEntry("matchedBackendRatio", 1.0);
    assertThat(figures(WORKLOAD, false).get("matchedBackendRatio")).isBetween(0.9, 0.999);
  }

  @Test
  void whereThereIsNoChoiceThereIsNoSuchFigure() {
    Workload mix = Builtin.find("seed-mix").orElseThrow().withTasks(100).instance(1, 0);

    assertThat(figures(mix, true)).doesNotContainKey("matchedBackendRatio");
  }

  private static Map<String, Double> figures(Workload workload, boolean known) {
    return Metrics.of(
        workload, Simulation.run(workload, Conditions.of(1, 0, known), policy("browser-aware")));
  }

  private static Scheduler.Factory policy(String name) {
    return Policies.all().stream()
        .filter(each -> each.name().equals(name))
        .map(Policy::factory)
        .findFirst()
        .orElseThrow();
  }
}
