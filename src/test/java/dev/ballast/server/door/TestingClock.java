package dev.ballast.server.door;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that moves when the test moves it. */
public final class TestingClock implements InstantSource {
  private Instant now;

  public TestingClock(Instant now) {
    this.now = now;
  }

  public void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Instant instant() {
    return now;
  }
}
