package dev.ballast.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class IncarnationTest {
  private static final long YEAR_3000 = 32_503_680_000_000L;

  @Property
  void theEarlierLifeIsTheOlderOne(
      @ForAll @LongRange(min = 0, max = YEAR_3000) long one,
      @ForAll @LongRange(min = 0, max = YEAR_3000) long other,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    String first = Incarnation.at(Instant.ofEpochMilli(one), random);
    String second = Incarnation.at(Instant.ofEpochMilli(other), random);

    assertThat(UUID.fromString(first).version()).isEqualTo(7);
    assertThat(UUID.fromString(first).variant()).isEqualTo(2);
    if (one != other) {
      assertThat(Incarnation.isOlder(first, second)).isEqualTo(one < other);
    }
  }

  @Test
  void namesOfOtherMakingTellNothing() {
    String named = Incarnation.at(Instant.EPOCH, new SplittableRandom(1));

    assertThat(Incarnation.isOlder("w1-1", named)).isFalse();
    assertThat(Incarnation.isOlder(UUID.randomUUID().toString(), named)).isFalse();
    assertThat(Incarnation.isOlder(named, "w1-1")).isFalse();
  }
}
