package dev.ballast.simulate.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.forecast.SeasonFinder;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  /** The seed is none of those that constants were chosen by. */
  @Test
  void oursLosesLessThanTheYardsticksAndCoversWhatItSays() {
    List<Evaluation.Finding> findings =
        Series.synthetic(77, 100).stream().map(Evaluation::of).toList();

    assertThat(findings.stream().filter(Evaluation.Finding::best).count())
        .isGreaterThanOrEqualTo(80);
    assertThat(
            findings.stream()
                .mapToDouble(Evaluation.Finding::coverageRatio)
                .average()
                .orElseThrow())
        .isCloseTo(0.9, within(0.02));
  }

  @Test
  void seasonsAreFoundWhereThereAreSome() {
    for (Series series : Series.synthetic(5, 20)) {
      int found = SeasonFinder.period(series.counts());
      if (series.name().matches("(daily|daily, growing|two peaks) .*")) {
        assertThat(found).describedAs(series.name()).isBetween(46, 50);
      }
    }
    assertThat(SeasonFinder.period(new double[300])).isEqualTo(1);
  }
}
