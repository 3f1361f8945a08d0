package dev.ballast.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.operator.resource.BrowserPool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final Optional<PoolWorker.Trouble> QUOTA =
      Optional.of(new PoolWorker.Trouble("QuotaExceeded", "exceeded quota: few"));

  private final Patience patience = new Patience(Duration.ofSeconds(5));
  private final BrowserPool pool = pool(1);
  private Instant now = Instant.parse("2026-01-01T12:00:00Z");

  private static BrowserPool pool(long generation) {
    BrowserPool pool = new BrowserPool();
    pool.getMetadata().setUid("uid");
    pool.getMetadata().setGeneration(generation);
    return pool;
  }

  private Duration refused() {
    patience.note(pool, QUOTA, now);
    Duration pause = patience.left(pool, now).orElseThrow();
    assertThat(patience.within(pool, now.plus(pause).minusMillis(1))).isTrue();
    now = now.plus(pause);
    assertThat(patience.within(pool, now)).isFalse();
    return pause;
  }

  @Test
  void eachPauseIsTwiceTheOneBeforeUpToFiveMinutes() {
    List<Long> seconds = new ArrayList<>();
    for (int number = 0; number < 9; number++) {
      seconds.add(refused().toSeconds());
    }

    assertThat(seconds).containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
    assertThat(patience.last(pool)).isEqualTo(QUOTA);
  }

  @Test
  void whatIsHeardWithinAPauseMakesItNoLonger() {
    patience.note(pool, QUOTA, now);

    patience.note(pool, QUOTA, now.plusSeconds(3));

    assertThat(patience.left(pool, now.plusSeconds(3))).contains(Duration.ofSeconds(2));
  }

  @Test
  void afterASuccessItBeginsAnew() {
    refused();
    refused();

    patience.note(pool, Optional.empty(), now);

    assertThat(patience.last(pool)).isEmpty();
    assertThat(refused()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aChangedSpecIsTriedAtOnce() {
    patience.note(pool, QUOTA, now);

    assertThat(patience.within(pool(2), now)).isFalse();
    assertThat(patience.last(pool(2))).isEmpty();
  }
}
