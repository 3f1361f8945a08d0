package dev.ballast.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.Examples;
import dev.ballast.model.Adapter;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Requirements;
import dev.ballast.model.Requirements.HardwareAcceleration;
import dev.ballast.model.TaskId;
import dev.ballast.model.Verdict;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BrowserAwareTest {
  private final Profiles profiles = new Profiles(Priors.DEFAULTS);
  private final BrowserAware policy = new BrowserAware(profiles);
  private final Fleet fleet =
      Fleet.of(
          List.of(
              browser("c", BrowserKind.CHROMIUM, true), browser("f", BrowserKind.FIREFOX, true)));

  @Test
  void priorsDecideWhileNothingWasMeasured() {
    assertThat(chosen("vad", ModelFamily.AUDIO).kind()).isEqualTo(BrowserKind.FIREFOX);
    assertThat(chosen("net", ModelFamily.VISION).kind()).isEqualTo(BrowserKind.CHROMIUM);
  }

  @Test
  void historyOverridesAWrongPrior() {
    int flippedAfter = 0;
    while (chosen("vad", ModelFamily.AUDIO).kind().equals(BrowserKind.FIREFOX)) {
      learn(BrowserKind.CHROMIUM, 2_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
      learn(BrowserKind.FIREFOX, 3_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
      flippedAfter++;
    }
    assertThat(flippedAfter).isBetween(1, 6);
    for (int i = 0; i < 20; i++) {
      learn(BrowserKind.CHROMIUM, 2_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
      learn(BrowserKind.FIREFOX, 3_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
    }
    assertThat(chosen("vad", ModelFamily.AUDIO).kind()).isEqualTo(BrowserKind.CHROMIUM);
    assertThat(profiles.serviceSeconds(key(BrowserKind.CHROMIUM)).typical()).isBetween(1.9, 2.2);
    // Another model of the family profits from it, without having been measured.
    assertThat(chosen("kws", ModelFamily.AUDIO).kind()).isEqualTo(BrowserKind.CHROMIUM);
  }

  @Test
  void aWrongPriorIsFoundOutThoughItSendsEveryTaskToOneBrowser() {
    int onChromium = 0;
    for (int i = 0; i < 100; i++) {
      BrowserKind kind = chosen("vad", ModelFamily.AUDIO).kind();
      boolean chromium = kind.equals(BrowserKind.CHROMIUM);
      onChromium += chromium ? 1 : 0;
      learn(kind, chromium ? 2_000 : 3_000, Outcome.SUCCEEDED, Verdict.TRUSTED);
    }
    assertThat(onChromium).isGreaterThan(70);
  }

  @Test
  void failedAndRejectedResultsNeverTeachSpeed() {
    double before = profiles.serviceSeconds(key(BrowserKind.CHROMIUM)).typical();
    for (int i = 0; i < 20; i++) {
      learn(BrowserKind.CHROMIUM, 1, Outcome.FAILED, Verdict.TRUSTED);
      learn(
          BrowserKind.CHROMIUM,
          1,
          Outcome.SUCCEEDED,
          Verdict.of(EnumSet.of(Verdict.Reason.WRONG_OUTPUT)));
    }
    assertThat(profiles.serviceSeconds(key(BrowserKind.CHROMIUM)).typical()).isEqualTo(before);
    assertThat(profiles.successRatio(key(BrowserKind.CHROMIUM))).isBetween(0.4, 0.7);
  }

  @Test
  void aResidentModelIsWorthItsLoadTime() {
    Fleet twins =
        Fleet.of(
            List.of(
                browser("c1", BrowserKind.CHROMIUM, true),
                resident(browser("c2", BrowserKind.CHROMIUM, true), "vad|wasm")));

    assertThat(placed(task("vad", ModelFamily.AUDIO), twins).chosen().worker())
        .isEqualTo(new WorkerId("c2"));
  }

  @Test
  void theChosenCandidateIsTheCheapestAndItsFactorsAreItsCost() {
    Decision.Placed placed = placed(task("vad", ModelFamily.AUDIO), fleet);

    assertThat(placed.chosen()).isEqualTo(placed.candidates().getFirst());
    assertThat(placed.candidates())
        .allSatisfy(candidate ->
            assertThat(candidate.seconds().values().stream().mapToDouble(v -> v).sum())
                .isEqualTo(candidate.costSeconds()));
    assertThat(placed.chosen().seconds()).containsOnlyKeys(Factor.values());
  }

  @Test
  void withTheBackendLeftOpenHardwareIsPreferredAndSoftwareIsNot() {
    TaskView open =
        new TaskView(
            "net",
            ModelFamily.VISION,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            new Requirements(OptionalLong.empty(), HardwareAcceleration.PREFERRED),
            Set.of());
    Fleet mixed =
        Fleet.of(
            List.of(
                browser("hard", BrowserKind.CHROMIUM, false),
                browser("soft", BrowserKind.CHROMIUM, true)));

    Candidate chosen = placed(open, mixed).chosen();

    assertThat(chosen.worker()).isEqualTo(new WorkerId("hard"));
    assertThat(chosen.backend()).isEqualTo(Backend.WEBGPU);
    assertThat(placed(open, mixed).candidates()).hasSize(4);
  }

  @Test
  void theOrderOfBrowsersChangesNothing() {
    Fleet reversed = new Fleet(fleet.browsers().reversed());

    assertThat(policy.place(task("vad", ModelFamily.AUDIO), reversed))
        .isEqualTo(policy.place(task("vad", ModelFamily.AUDIO), fleet));
  }

  private Candidate chosen(String model, ModelFamily family) {
    return placed(task(model, family), fleet).chosen();
  }

  private Decision.Placed placed(TaskView task, Fleet among) {
    return (Decision.Placed) policy.place(task, among);
  }

  private void learn(BrowserKind kind, double millis, Outcome outcome, Verdict verdict) {
    AttemptResult result =
        Examples.result(
            new AttemptId(new TaskId("j", 0), 1, 1),
            Examples.model("vad", ModelFamily.AUDIO),
            Backend.WASM,
            new BrowserInstance(kind, "1.0", "i", List.of()),
            "w",
            outcome,
            Instant.EPOCH,
            millis);
    profiles.learn(Observation.from(Examples.change(result, _ -> verdict)).orElseThrow());
  }

  private static ProfileKey key(BrowserKind kind) {
    return new ProfileKey("vad", ModelFamily.AUDIO, kind, "1.0", Backend.WASM, Hardware.CPU);
  }

  private static TaskView task(String model, ModelFamily family) {
    return new TaskView(
        model,
        family,
        Map.of(),
        Optional.of(Backend.WASM),
        Optional.empty(),
        Requirements.NONE,
        Set.of());
  }

  private static BrowserView browser(String worker, BrowserKind kind, boolean software) {
    return new BrowserView(
        new WorkerId(worker),
        kind + "-pool",
        Map.of(),
        kind,
        "1.0",
        List.of(Backend.WASM, Backend.WEBGPU),
        Optional.of(new Adapter("acme", "gen1", "Acme GPU", software)),
        2,
        1,
        0,
        Set.of(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        0,
        false,
        Set.of());
  }

  private static BrowserView resident(BrowserView view, String model) {
    return new BrowserView(
        view.worker(),
        view.pool(),
        view.poolLabels(),
        view.kind(),
        view.version(),
        view.backends(),
        view.adapter(),
        view.slots(),
        view.prefetch(),
        view.occupied(),
        Set.of(model),
        view.memoryBytes(),
        view.usedMemoryBytes(),
        view.utilizationRatio(),
        view.waitSeconds(),
        view.breakerOpen(),
        view.broken());
  }
}
