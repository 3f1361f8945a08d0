package dev.ballast.dispatch;

import static dev.ballast.model.BrowserKind.CHROME;
import static dev.ballast.model.BrowserKind.CHROMIUM;
import static dev.ballast.model.BrowserKind.EDGE;
import static dev.ballast.model.BrowserKind.FIREFOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.Candidate;
import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Factor;
import dev.ballast.balancer.Hardware;
import dev.ballast.balancer.Observation;
import dev.ballast.balancer.ProfileKey;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.TaskId;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PlacementProperties {
  /** Whatever is waited for and whoever is there: what is told of a decision is what happened. */
  @Property(tries = 60)
  void theBestCandidateIsWhatRanAndItsFactorsAreItsCost(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 3) Integer> slots,
      @ForAll @IntRange(min = 1, max = 12) int repetitions) {
    TestingDispatch fresh = new TestingDispatch();
    for (int i = 0; i < slots.size(); i++) {
      fresh.withWorker("w" + i, i % 2 == 0 ? CHROMIUM : FIREFOX, slots.get(i));
    }
    String uid =
        fresh.submit(
            Examples.job("j")
                .models(
                    Examples.model("vad", ModelFamily.AUDIO),
                    Examples.model("net", ModelFamily.VISION))
                .repetitions(repetitions));
    int explained = 0;
    for (int index = 0; index < 2 * repetitions; index++) {
      Optional<Decision> told = fresh.dispatch().decision(uid, index);
      if (told.isPresent() && told.get() instanceof Decision.Placed placed) {
        explained++;
        TaskState.Bound bound = (TaskState.Bound) fresh.task(uid, index);
        assertThat(placed.chosen().worker()).isEqualTo(bound.worker());
        assertThat(placed.chosen()).isEqualTo(placed.candidates().getFirst());
        assertThat(placed.chosen().seconds()).containsOnlyKeys(Factor.values());
        assertThat(placed.candidates())
            .hasSizeLessThanOrEqualTo(16)
            .isSortedAccordingTo(Comparator.comparingDouble(Candidate::costSeconds));
      }
    }
    assertThat(explained).isPositive();
  }

  /** The parts are looked up where they come from, and the score is put together from them. */
  @Property(tries = 100)
  void aScoreIsTheSumOfWhatIsKnownOfTheBrowser(
      @ForAll @Size(min = 2, max = 4) List<@IntRange(min = 500, max = 5_000) Integer> millis,
      @ForAll @IntRange(min = 0, max = 6) int measured) {
    TestingDispatch fresh = new TestingDispatch();
    List<BrowserKind> kinds = List.of(CHROMIUM, FIREFOX, EDGE, CHROME);
    for (int at = 0; at < millis.size(); at++) {
      fresh.withWorker("w" + at, kinds.get(at), 2);
      for (int i = 0; i < measured; i++) {
        fresh.profiles.learn(
            Observation.from(measurement(kinds.get(at), millis.get(at))).orElseThrow());
      }
    }
    String first = fresh.submit(Examples.job("first"));
    WorkerId warm = ((TaskState.Bound) fresh.task(first, 0)).worker();
    fresh.start(warm.name());
    String second = fresh.submit(Examples.job("second"));

    Decision.Placed placed = (Decision.Placed) fresh.dispatch().decision(second, 0).orElseThrow();

    assertThat(placed.candidates()).hasSize(millis.size());
    for (Candidate candidate : placed.candidates()) {
      ProfileKey key =
          new ProfileKey(
              "vad", ModelFamily.AUDIO, candidate.kind(), "1.0", Backend.WASM, Hardware.CPU);
      Map<Factor, Double> seconds = candidate.seconds();
      double service = fresh.profiles.serviceSeconds(key).typical();
      double load = candidate.worker().equals(warm) ? 0 : fresh.profiles.loadSeconds(key).typical();
      double part =
          seconds.getOrDefault(Factor.SPEED, 0.0) + seconds.getOrDefault(Factor.RELIABILITY, 0.0);
      double exploration = seconds.getOrDefault(Factor.EXPLORATION, 0.0);
      double others =
          seconds.getOrDefault(Factor.UTILIZATION, 0.0)
              + seconds.getOrDefault(Factor.FORECAST, 0.0);

      assertThat(part).isNotNegative();
      assertThat(seconds)
          .hasEntrySatisfying(Factor.AFFINITY, is(fresh.profiles.believedServiceSeconds(key)))
          .hasEntrySatisfying(Factor.LOAD, is(load))
          .hasEntrySatisfying(Factor.WAIT, is(0))
          .hasEntrySatisfying(Factor.MEMORY, is(0))
          .hasEntrySatisfying(Factor.HARDWARE, is(0));
      assertThat(exploration).isNotPositive();
      assertThat(others).isNotNegative();
      assertThat(candidate.costSeconds())
          .isCloseTo(
              service + load + part + exploration + others + seconds.getOrDefault(Factor.PLAN, 0.0),
              within(1e-9));
      boolean chosen = candidate.equals(placed.chosen());
      assertThat(seconds)
          .hasEntrySatisfying(Factor.PLAN, plan -> assertThat(plan).isLessThanOrEqualTo(0));
      assertThat(chosen || seconds.getOrDefault(Factor.PLAN, 1.0) == 0).isTrue();
    }
  }

  private static Consumer<Double> is(double expected) {
    return actual -> assertThat(actual).isCloseTo(expected, within(1e-9));
  }

  private static AttemptResult measurement(BrowserKind kind, double millis) {
    return Examples.result(
        new AttemptId(new TaskId("j", 0), 1, 1),
        Examples.model("vad", ModelFamily.AUDIO),
        Backend.WASM,
        Examples.browser(kind),
        "w",
        Outcome.SUCCEEDED,
        Instant.EPOCH,
        millis);
  }
}
