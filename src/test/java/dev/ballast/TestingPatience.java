package dev.ballast;

import dev.ballast.dispatch.DispatchSettings;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long a test waits for what must come. Long, because it costs nothing where all goes well, and
 * a busy machine may be many times slower than the one on which the test was written.
 */
public final class TestingPatience {
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  /** As in production, but a worker that a test drives by hand may be silent for 20 minutes. */
  public static final DispatchSettings SILENCE_ALLOWED =
      DispatchSettings.DEFAULTS.withHeartbeat(DispatchSettings.DEFAULTS.heartbeat(), 600);

  private TestingPatience() {}

  public static ConditionFactory await() {
    return Awaitility.await().atMost(PATIENCE);
  }
}
