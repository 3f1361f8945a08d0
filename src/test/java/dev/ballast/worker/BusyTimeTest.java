package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BusyTimeTest {
  private static final long SECOND = 1_000_000_000L;

  private final BusyTime time = new BusyTime(2, Duration.ofSeconds(10));

  @Test
  void beforeAnythingRanThereIsNoUtilization() {
    assertThat(time.ratio(5 * SECOND)).isEmpty();
  }

  @Test
  void itIsTheShareOfSlotTimeInTheWindow() {
    time.began(0);
    assertThat(time.ratio(4 * SECOND)).hasValue(4.0 / 20);

    time.began(4 * SECOND);
    time.ended(6 * SECOND);
    assertThat(time.ratio(10 * SECOND)).hasValue(12.0 / 20);

    time.ended(10 * SECOND);
    assertThat(time.ratio(15 * SECOND).orElseThrow()).isCloseTo(6.0 / 20, within(1e-9));
  }

  @Test
  void whatIsOlderThanTheWindowIsForgotten() {
    time.began(0);
    time.ended(3 * SECOND);

    assertThat(time.ratio(13 * SECOND)).hasValue(0);
    assertThat(time.ratio(100 * SECOND)).hasValue(0);
  }

  @Test
  void whatRunsForLongerThanTheWindowFillsItsSlot() {
    time.began(0);

    assertThat(time.ratio(60 * SECOND)).hasValue(0.5);
  }
}
