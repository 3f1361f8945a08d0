package dev.ballast.balancer.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ForecastProperties {
  @Property(tries = 200)
  void quantilesNeverDecreaseAndAreNeverNegative(
      @ForAll @Size(min = 1, max = 80) double[] raw,
      @ForAll @IntRange(min = 1, max = 9) int season) {
    var forecaster = new AdaptiveForecaster(season, 4);
    for (double value : raw) {
      double count = Double.isFinite(value) ? Math.abs(value) % 1000 : 0;
      forecaster.observe(count);
      for (int steps = 1; steps <= 4; steps++) {
        Quantiles ahead = forecaster.ahead(steps);
        double before = 0;
        for (double level : Quantiles.LEVELS) {
          assertThat(ahead.at(level)).isFinite().isGreaterThanOrEqualTo(before);
          before = ahead.at(level);
        }
      }
    }
  }

  @Property(tries = 200)
  void moreSlotsNeverWaitLonger(
      @ForAll @DoubleRange(min = 0.01, max = 50) double offered,
      @ForAll @DoubleRange(max = 1) double variation,
      @ForAll @IntRange(min = 1, max = 60) int slots) {
    var fewer = new MultiServerQueue(offered, 1, variation, slots);
    var more = new MultiServerQueue(offered, 1, variation, slots + 1);

    assertThat(more.meanWaitSeconds()).isLessThanOrEqualTo(fewer.meanWaitSeconds());
    assertThat(more.waitQuantileSeconds(0.95)).isLessThanOrEqualTo(fewer.waitQuantileSeconds(0.95));
  }
}
