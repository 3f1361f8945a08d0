package dev.ballast.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.operator.validation.PoolSettings.Autoscaling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class RecommendationsProperties {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int WINDOW = 30;
  private static final Autoscaling SCALING =
      new Autoscaling(
          Autoscaling.Mode.AUTO, 2, 20, 0.75, Duration.ofSeconds(60), Duration.ofSeconds(WINDOW));

  /** Each second one look; the forecast is in force from its look until the next. */
  @Property
  void theMostOfTheWindowIsWantedWithinTheBounds(
      @ForAll @Size(min = 1, max = 120) List<@IntRange(max = 30) Integer> asked,
      @ForAll @IntRange(max = 30) int replicas) {
    Recommendations recommendations = new Recommendations();
    List<Integer> inForce = new ArrayList<>(List.of(replicas));
    for (int second = 0; second < asked.size(); second++) {
      int wanted = take(recommendations, asked.get(second), replicas, second).workers();

      inForce.add(asked.get(second));
      int most =
          inForce.subList(Math.max(0, inForce.size() - 1 - WINDOW), inForce.size()).stream()
              .mapToInt(workers -> workers)
              .max()
              .orElseThrow();
      assertThat(wanted).isEqualTo(Math.clamp(most, 2, 20));
    }
  }

  @Example
  void whatWasAskedForUntilNowIsKeptHoweverLongAgoItWasFirstAskedFor() {
    Recommendations recommendations = new Recommendations();
    take(recommendations, 9, 1, 0);

    Recommendations.Wanted wanted = take(recommendations, 3, 9, 10 * WINDOW);

    assertThat(wanted.workers()).isEqualTo(9);
    assertThat(wanted.lookAgain()).contains(Duration.ofSeconds(WINDOW));
    assertThat(take(recommendations, 3, 9, 11 * WINDOW).workers()).isEqualTo(3);
  }

  @Example
  void withoutAForecastNothingIsWanted() {
    Recommendations recommendations = new Recommendations();
    take(recommendations, 9, 1, 0);

    assertThat(recommendations.take("pool", SCALING, OptionalInt.empty(), 9, START)).isEmpty();
    assertThat(take(recommendations, 3, 3, 1).workers()).isEqualTo(3);
  }

  private static Recommendations.Wanted take(
      Recommendations recommendations, int asked, int replicas, int second) {
    return recommendations
        .take("pool", SCALING, OptionalInt.of(asked), replicas, START.plusSeconds(second))
        .orElseThrow();
  }
}
