package dev.ballast.dispatch;

import static dev.ballast.model.BrowserKind.CHROMIUM;
import static dev.ballast.model.BrowserKind.FIREFOX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.Candidate;
import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Factor;
import dev.ballast.model.ModelFamily;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
            .isSortedAccordingTo(Comparator.comparingDouble(Candidate::costSeconds))
            .allSatisfy(candidate ->
                assertThat(candidate.seconds().values().stream().mapToDouble(v -> v).sum())
                    .isCloseTo(candidate.costSeconds(), within(1e-9)));
      }
    }
    assertThat(explained).isPositive();
  }
}
