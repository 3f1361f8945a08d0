package dev.ballast.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class UnitsProperties {

  @Property(tries = 200)
  void aDurationIsItsNumberTimesItsUnit(@ForAll @IntRange(max = 999_999) int amount) {
    assertThat(Units.duration(amount + "ms")).isEqualTo(Duration.ofMillis(amount));
    assertThat(Units.duration(amount + "s")).isEqualTo(Duration.ofSeconds(amount));
    assertThat(Units.duration(amount + "m")).isEqualTo(Duration.ofMinutes(amount));
    assertThat(Units.duration(amount + "h")).isEqualTo(Duration.ofHours(amount));
  }

  @Property(tries = 200)
  void everyDurationFitsIntoNanoseconds(@ForAll @IntRange(max = 999_999) int amount) {
    assertThat(Units.duration(amount + "h").toNanos()).isNotNegative();
  }

  @Property(tries = 200)
  void memoryIsItsNumberTimesAPowerOf1024(@ForAll @IntRange(min = 1, max = 999_999) int amount) {
    Map<String, Integer> shifts = Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40);
    shifts.forEach(
        (unit, shift) -> assertThat(Units.bytes(amount + unit)).isEqualTo((long) amount << shift));
  }

  @Property(tries = 200)
  void aPercentageIsARatio(@ForAll @IntRange(max = 100) int percent) {
    assertThat(Units.ratio(percent + "%")).isEqualTo(percent / 100.0, within(1e-12));
  }

  @Property(tries = 500)
  void anyOtherTextIsRefusedByName(@ForAll @StringLength(max = 8) String text) {
    if (!text.matches("(0|[1-9][0-9]{0,5})(ms|s|m|h)")) {
      assertThatThrownBy(() -> Units.duration(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("\"" + text + "\"");
    }
  }

  @Example
  void moreThanAllIsNoShare() {
    assertThatThrownBy(() -> Units.ratio("101%")).hasMessage("\"101%\" is more than 100%");
  }
}
