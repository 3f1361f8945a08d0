package dev.ballast.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CallerRatesTest {
  private final TestingClock clock = new TestingClock(Instant.EPOCH);
  private final CallerRates rates = new CallerRates(2, 3, clock);

  @Test
  void aBurstIsAnsweredAndThenAsManyAsTheRate() {
    for (int i = 0; i < 3; i++) {
      assertThat(rates.ask("a")).isEmpty();
    }
    assertThat(rates.ask("a")).contains(Duration.ofMillis(500));
    assertThat(rates.ask("b")).as("another caller").isEmpty();

    clock.pass(Duration.ofMillis(500));
    assertThat(rates.ask("a")).isEmpty();
    assertThat(rates.ask("a")).isPresent();
  }

  @Test
  void whoIsToldToWaitIsAnsweredAfterThat() {
    while (rates.ask("a").isEmpty()) {
      assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    }
    clock.pass(rates.ask("a").orElseThrow());

    assertThat(rates.ask("a")).isEmpty();
  }

  @Property
  void noCallerGetsMoreThanBurstAndRate(
      @ForAll @Size(max = 300) java.util.List<@IntRange(max = 400) Integer> pausesMillis) {
    TestingClock time = new TestingClock(Instant.EPOCH);
    CallerRates buckets = new CallerRates(10, 5, time);
    int answered = 0;
    for (int pause : pausesMillis) {
      time.pass(Duration.ofMillis(pause));
      answered += buckets.ask("a").isEmpty() ? 1 : 0;
    }
    double seconds = Duration.between(Instant.EPOCH, time.instant()).toMillis() / 1000.0;
    assertThat(answered).isLessThanOrEqualTo((int) Math.floor(5 + 10 * seconds + 1e-6));
  }
}
