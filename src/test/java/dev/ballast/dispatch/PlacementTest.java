package dev.ballast.dispatch;

import static dev.ballast.model.BrowserKind.CHROMIUM;
import static dev.ballast.model.BrowserKind.FIREFOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.Candidate;
import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Factor;
import dev.ballast.balancer.Hardware;
import dev.ballast.balancer.Observation;
import dev.ballast.balancer.ProfileKey;
import dev.ballast.balancer.TaskView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Requirements;
import dev.ballast.model.Requirements.HardwareAcceleration;
import dev.ballast.model.TaskId;
import dev.ballast.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where tasks go in production, and how that is explained. */
class PlacementTest {
  private final TestingDispatch dispatch = new TestingDispatch();

  @Test
  void priorsDecideWhileNothingWasMeasured() {
    fleet();

    assertThat(chosen("vad", ModelFamily.AUDIO).kind()).isEqualTo(FIREFOX);
    assertThat(chosen("net", ModelFamily.VISION).kind()).isEqualTo(CHROMIUM);
  }

  @Test
  void historyOverridesAWrongPrior() {
    fleet();
    for (int i = 0; i < 20; i++) {
      learn(CHROMIUM, 2_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
      learn(FIREFOX, 3_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
    }

    assertThat(chosen("vad", ModelFamily.AUDIO).kind()).isEqualTo(CHROMIUM);
    // Another model of the family profits from it, without having been measured.
    assertThat(chosen("kws", ModelFamily.AUDIO).kind()).isEqualTo(CHROMIUM);
  }

  @Test
  void aWrongPriorIsFoundOutThoughItSendsEveryTaskToOneBrowser() {
    fleet();
    int onChromium = 0;
    for (int i = 0; i < 1_000; i++) {
      BrowserKind kind = chosen("vad", ModelFamily.AUDIO).kind();
      boolean chromium = kind.equals(CHROMIUM);
      onChromium += chromium ? 1 : 0;
      learn(kind, chromium ? 2_000 : 3_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
    }

    assertThat(onChromium).isGreaterThan(500);
  }

  @Test
  void failedAndRejectedResultsNeverTeachSpeed() {
    ProfileKey key =
        new ProfileKey("vad", ModelFamily.AUDIO, CHROMIUM, "1.0", Backend.WASM, Hardware.CPU);
    double before = dispatch.profiles.serviceSeconds(key).typical();
    for (int i = 0; i < 20; i++) {
      learn(CHROMIUM, 1, Outcome.FAILED, Verdict.TRUSTED);
      learn(CHROMIUM, 1, Outcome.SUCCEEDED, Verdict.of(EnumSet.of(Verdict.Reason.WRONG_OUTPUT)));
    }

    assertThat(dispatch.profiles.serviceSeconds(key).typical()).isEqualTo(before);
    assertThat(dispatch.profiles.successRatio(key)).isBetween(0.4, 0.7);
  }

  @Test
  void aResidentModelIsWorthItsLoadTime() {
    dispatch.withWorker("c1", CHROMIUM, 2).withWorker("c2", CHROMIUM, 2);
    String first = dispatch.submit(Examples.job("first"));
    dispatch.runAll("c1", "c2");
    String where = worker(first, 0);

    String second = dispatch.submit(Examples.job("second"));

    assertThat(worker(second, 0)).isEqualTo(where);
    assertThat(decision(second, 0).chosen().seconds().get(Factor.LOAD)).isZero();
  }

  @Test
  void withTheBackendLeftOpenHardwareIsPreferredAndSoftwareIsNot() {
    dispatch.withWorker(
        new TestingWorker(
            "hard",
            "gpu-pool",
            Map.of(),
            CHROMIUM,
            1,
            List.of(Backend.WASM, Backend.WEBGPU),
            false));
    dispatch.withWorker("soft", CHROMIUM, 1);

    String uid =
        dispatch.submit(
            Examples.job("j")
                .backends()
                .requirements(
                    new Requirements(
                        java.util.OptionalLong.empty(), HardwareAcceleration.PREFERRED)));

    Candidate chosen = decision(uid, 0).chosen();
    assertThat(chosen.worker().name()).isEqualTo("hard");
    assertThat(chosen.backend()).isEqualTo(Backend.WEBGPU);
    assertThat(decision(uid, 0).candidates()).hasSize(4);
  }

  @Test
  void aBackendThatMayWellBeFasterIsTried() {
    both("hard", 1, false);
    for (int i = 0; i < 20; i++) {
      // Less than is believed of what was never measured.
      learn(CHROMIUM, 1_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
    }

    assertThat(leftOpen()).isEqualTo(Backend.WEBGPU);
  }

  @Test
  void notEverySlotTriesWhatAFewWillFindOut() {
    both("wide", 300, false);
    for (int i = 0; i < 20; i++) {
      learn(CHROMIUM, 1_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
    }

    String uid = dispatch.submit(Examples.job("j").backends().repetitions(300));

    long tries =
        IntStream.range(0, 300)
            .filter(i -> decision(uid, i).chosen().backend().equals(Backend.WEBGPU))
            .count();
    assertThat(tries).isBetween(5L, 200L);
  }

  @Test
  void aRasteriserIsNotTriedInTheHopeThatItBeatsWasm() {
    both("soft", 1, true);

    assertThat(leftOpen()).isEqualTo(Backend.WASM);
  }

  @Test
  void whatRunsOnARasteriserMakesItNoMorePromising() {
    both("soft", 40, true);
    dispatch.submit(Examples.job("pinned").backends(Backend.WEBGPU).repetitions(20));

    assertThat(leftOpen()).isEqualTo(Backend.WASM);
  }

  @Test
  void aWorkerThatNamesABackendTwiceIsGivenTasks() {
    dispatch.withWorker(
        new TestingWorker(
            "twice", "twice", Map.of(), CHROMIUM, 1, List.of(Backend.WASM, Backend.WASM), false));

    assertThat(leftOpen()).isEqualTo(Backend.WASM);
  }

  private void both(String name, int slots, boolean software) {
    dispatch.withWorker(
        new TestingWorker(
            name,
            name,
            Map.of(),
            CHROMIUM,
            slots,
            List.of(Backend.WASM, Backend.WEBGPU),
            software));
  }

  private Backend leftOpen() {
    String uid = dispatch.submit(Examples.job("j").backends());
    return decision(uid, 0).chosen().backend();
  }

  @Test
  void jobsOfUnlikeModelsShareByTheirWeights() {
    dispatch.withWorker("c", CHROMIUM, 4);
    String heavy =
        dispatch.submit(
            Examples.job("heavy")
                .models(Examples.model("vad", ModelFamily.AUDIO))
                .weight(3)
                .repetitions(40));
    String light =
        dispatch.submit(
            Examples.job("light")
                .models(Examples.model("net", ModelFamily.VISION))
                .repetitions(40));
    dispatch.start("c");
    for (int i = 0; i < 36; i++) {
      dispatch.pass(Duration.ofSeconds(1), "c");
      dispatch.finish("c", Outcome.SUCCEEDED);
      dispatch.start("c");
    }

    int ofHeavy = dispatch.job(heavy).counts().succeeded();
    int ofLight = dispatch.job(light).counts().succeeded();
    assertThat((double) ofHeavy / ofLight).isCloseTo(3, within(1.0));
  }

  private void fleet() {
    dispatch.withWorker("c", CHROMIUM, 2).withWorker("f", FIREFOX, 2);
  }

  private Candidate chosen(String model, ModelFamily family) {
    Decision score =
        dispatch
            .dispatch()
            .score(
                new TaskView(
                    model,
                    family,
                    Map.of(),
                    Optional.of(Backend.WASM),
                    Optional.empty(),
                    Requirements.NONE,
                    Set.of()));
    return ((Decision.Placed) score).chosen();
  }

  private Decision.Placed decision(String uid, int index) {
    return (Decision.Placed) dispatch.dispatch().decision(uid, index).orElseThrow();
  }

  private String worker(String uid, int index) {
    return decision(uid, index).chosen().worker().name();
  }

  private void learn(BrowserKind kind, double millis, Outcome outcome, Verdict verdict) {
    dispatch.profiles.learn(
        Observation.from(
                Examples.change(
                    Examples.result(
                        new AttemptId(new TaskId("j", 0), 1, 1),
                        Examples.model("vad", ModelFamily.AUDIO),
                        Backend.WASM,
                        new BrowserInstance(kind, "1.0", "i", List.of()),
                        "w",
                        outcome,
                        Instant.EPOCH,
                        millis),
                    _ -> verdict))
            .orElseThrow());
  }
}
