package dev.ballast.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** What is expected, and how sure of it, after some observations that scatter by a quarter. */
class LogProfileTest {
  private static final double SCATTER = 0.25;

  /** Slower is believed of the second browser by a half, for every family. */
  private static final Map<String, Double> BELIEVED = Map.of("slow", Math.log(1.5));

  private final SplittableRandom chance = new SplittableRandom(4);
  private final LogProfile profile =
      new LogProfile(4, 3, key -> BELIEVED.getOrDefault(key.kind().name(), 0.0));

  private static ProfileKey key(String model, ModelFamily family, String kind) {
    return new ProfileKey(model, family, new BrowserKind(kind), "1", Backend.WASM, Hardware.CPU);
  }

  private static ProfileKey audio(String model, String kind) {
    return key(model, ModelFamily.AUDIO, kind);
  }

  private void observe(ProfileKey key, double seconds, int times) {
    for (int i = 0; i < times; i++) {
      profile.learn(key, seconds * Math.exp(SCATTER * chance.nextGaussian()));
    }
  }

  @Test
  void whatWasOftenMeasuredIsKnownWell() {
    observe(audio("vad", "fast"), 3, 500);

    Estimate estimate = profile.estimate(audio("vad", "fast"));

    assertThat(estimate.typical()).isCloseTo(3, Percentage.withPercentage(3));
    assertThat(estimate.relativeError()).isLessThan(0.02);
  }

  @Test
  void aShiftIsFoundWithinTwentyObservationsHoweverManyCameBefore() {
    observe(audio("vad", "fast"), 2, 2000);

    observe(audio("vad", "fast"), 3.1, 20);

    assertThat(profile.estimate(audio("vad", "fast")).typical())
        .isCloseTo(3.1, Percentage.withPercentage(15));
  }

  @Test
  void afterAShiftWhatTheModelTakesElsewhereIsDoubtful() {
    observe(audio("vad", "fast"), 2, 300);
    observe(audio("vad", "slow"), 3, 300);
    double before = profile.estimate(audio("vad", "slow")).relativeError();

    observe(audio("vad", "fast"), 3.1, 20);

    assertThat(profile.estimate(audio("vad", "slow")).relativeError()).isGreaterThan(5 * before);
  }

  @Test
  void aReleaseIsFoundByAllModelsOfTheFamilyTogether() {
    for (int model = 0; model < 3; model++) {
      observe(audio("m" + model, "fast"), 2 + model, 300);
      observe(audio("m" + model, "slow"), 1.5 * (2 + model), 300);
    }

    for (int i = 0; i < 5; i++) {
      for (int model = 0; model < 3; model++) {
        observe(audio("m" + model, "fast"), 1.6 * (2 + model), 1);
      }
    }

    for (int model = 0; model < 3; model++) {
      assertThat(profile.estimate(audio("m" + model, "fast")).typical())
          .isCloseTo(1.6 * (2 + model), Percentage.withPercentage(20));
      assertThat(profile.estimate(audio("m" + model, "slow")).typical())
          .as("what others take is no longer sure, but not another than before")
          .isCloseTo(1.5 * (2 + model), Percentage.withPercentage(10));
      assertThat(profile.estimate(audio("m" + model, "slow")).relativeError()).isGreaterThan(0.1);
    }
  }

  @Test
  void afterAReleaseWhatWasSeldomMeasuredElsewhereIsNotThoughtToHaveBecomeSlowerWithIt() {
    for (int model = 0; model < 3; model++) {
      observe(audio("m" + model, "fast"), 2, 300);
      observe(audio("m" + model, "slow"), 3, 3);
    }

    for (int i = 0; i < 5; i++) {
      for (int model = 0; model < 3; model++) {
        observe(audio("m" + model, "fast"), 3.2, 1);
      }
    }

    assertThat(profile.estimate(audio("m0", "slow")).typical())
        .isCloseTo(3, Percentage.withPercentage(25));
  }

  @Test
  void scatterIsNoShift() {
    for (int i = 0; i < 20; i++) {
      observe(audio("vad", "fast"), 3, 1000);

      assertThat(profile.estimate(audio("vad", "fast")).relativeError()).isLessThan(0.03);
    }
  }

  @Test
  void anUnmeasuredPriorIsTrustedWhereOthersHeldAndDoubtedWhereTheyFailed() {
    ProfileKey unmeasured = key("new", ModelFamily.VISION, "slow");
    double first = profile.estimate(unmeasured).relativeError();
    contrast(1.5);
    double held = profile.estimate(unmeasured).relativeError();
    LogProfileTest other = new LogProfileTest();
    other.contrast(1 / 1.5);
    double failed = other.profile.estimate(unmeasured).relativeError();

    assertThat(held).isLessThan(first / 2);
    assertThat(failed).isGreaterThan(1.5 * held);
  }

  /** Three families on both browsers, the second so many times as slow. */
  private void contrast(double slower) {
    for (ModelFamily family :
        new ModelFamily[] {ModelFamily.AUDIO, ModelFamily.LLM, ModelFamily.OTHER}) {
      for (int model = 0; model < 3; model++) {
        observe(key(family.label() + model, family, "fast"), 2 + model, 50);
        observe(key(family.label() + model, family, "slow"), (2 + model) * slower, 50);
      }
    }
  }

  @Test
  void aModelThatNeverRanInABrowserIsJudgedByItsFamilyThere() {
    for (int model = 0; model < 3; model++) {
      observe(audio("m" + model, "fast"), 2 + model, 50);
      observe(audio("m" + model, "slow"), (2 + model) / 1.5, 50);
    }
    observe(audio("new", "fast"), 6, 50);

    // The prior said 9, the model's own time elsewhere says 6, the family says 4.
    assertThat(profile.estimate(audio("new", "slow")).typical()).isBetween(3.5, 5.0);
  }

  @Test
  void withNothingMeasuredThePriorStands() {
    double slow = profile.estimate(audio("vad", "slow")).typical();
    double fast = profile.estimate(audio("vad", "fast")).typical();

    assertThat(slow / fast).isCloseTo(1.5, within(1e-9));
  }
}
