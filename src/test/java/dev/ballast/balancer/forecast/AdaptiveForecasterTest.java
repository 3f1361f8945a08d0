package dev.ballast.balancer.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AdaptiveForecasterTest {
  private static final int PERIOD = 12;

  /** A season of square waves. */
  private static double wave(int tick) {
    return tick % PERIOD < PERIOD / 2 ? 40 : 5;
  }

  @Test
  void aSeasonIsForetoldBeforeItTurns() {
    var forecaster = new AdaptiveForecaster(PERIOD, 6);
    for (int tick = 0; tick < 20 * PERIOD; tick++) {
      forecaster.observe(wave(tick));
    }

    // The last tick was the end of the low half: the high one comes, and six ticks on the low one.
    assertThat(forecaster.ahead(1).median()).isCloseTo(40, within(2.0));
    assertThat(forecaster.ahead(6).median()).isCloseTo(40, within(2.0));
    assertThat(forecaster.trusted(1)).isTrue();
    assertThat(forecaster.reaction(1).median()).isLessThan(10);
  }

  @Test
  void whereItWasWorseLatelyTheVeryNextAnswerIsTheReaction() {
    var forecaster = new AdaptiveForecaster(PERIOD, 3);
    for (int tick = 0; tick < 20 * PERIOD; tick++) {
      forecaster.observe(wave(tick));
    }
    int fellBack = 0;
    // The season is over: half of the time it foretells what no longer comes.
    for (int tick = 0; tick < 200; tick++) {
      forecaster.observe(22);
      assertThat(forecaster.trusted(1)).isEqualTo(forecaster.errorRatio(1) <= 1);
      if (forecaster.errorRatio(1) > 1) {
        fellBack++;
        assertThat(forecaster.ahead(1)).isSameAs(forecaster.reaction(1));
      }
    }
    assertThat(fellBack).isPositive();
  }

  @Test
  void theWindowShrinksWhenTheSeriesIsVolatile() {
    var calm = new AdaptiveForecaster(1, 1);
    var volatileOne = new AdaptiveForecaster(1, 1);
    for (int tick = 0; tick < 400; tick++) {
      calm.observe(20 + tick % 2);
      volatileOne.observe(tick % 80 < 40 ? 5 : 80);
    }

    assertThat(volatileOne.windowTicks(1)).isLessThan(calm.windowTicks(1) / 2);
  }

  @Test
  void nothingButCountsIsTaken() {
    var forecaster = new AdaptiveForecaster(1, 1);

    assertThatIllegalArgumentException().isThrownBy(() -> forecaster.observe(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> forecaster.observe(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new AdaptiveForecaster(0, 1));
  }
}
