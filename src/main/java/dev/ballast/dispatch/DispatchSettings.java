package dev.ballast.dispatch;

import java.time.Duration;

/**
 * How patient dispatch is.
 *
 * @param prefetch attempts a worker may be handed beyond its slots
 * @param heartbeat how often a worker must be heard of at least
 * @param missedHeartbeats so many in a row, and the worker is lost
 * @param backoffBase wait before the first retry; doubles with each
 * @param backoffMax the longest wait before a retry
 * @param holdUnfinished jobs found unfinished at the start wait until they are resumed by name
 */
public record DispatchSettings(
    int prefetch,
    Duration heartbeat,
    int missedHeartbeats,
    Duration backoffBase,
    Duration backoffMax,
    BreakerSettings breaker,
    boolean holdUnfinished) {
  public static final DispatchSettings DEFAULTS =
      new DispatchSettings(
          1,
          Duration.ofSeconds(2),
          3,
          Duration.ofMillis(200),
          Duration.ofSeconds(30),
          new BreakerSettings(0.5, 10, Duration.ofSeconds(30)),
          false);

  /**
   * When a circuit breaker opens.
   *
   * @param failureRatio this share of the last {@code requestVolumeThreshold} attempts failed, 0–1
   * @param delay from opening to the one task that tries again
   */
  public record BreakerSettings(double failureRatio, int requestVolumeThreshold, Duration delay) {
    public BreakerSettings {
      if (!(failureRatio > 0 && failureRatio <= 1)) {
        throw new IllegalArgumentException(
            "failureRatio (%s) must lie in 0–1. Maybe it is a percentage?".formatted(failureRatio));
      }
      if (requestVolumeThreshold < 1) {
        throw new IllegalArgumentException(
            "requestVolumeThreshold (%d) must be at least 1".formatted(requestVolumeThreshold));
      }
    }
  }

  public DispatchSettings {
    if (prefetch < 0) {
      throw new IllegalArgumentException("prefetch (%d) must not be negative".formatted(prefetch));
    }
    if (missedHeartbeats < 1) {
      throw new IllegalArgumentException(
          "missedHeartbeats (%d) must be at least 1".formatted(missedHeartbeats));
    }
  }

  /** A worker not heard of for this long is lost. */
  public Duration lease() {
    return heartbeat.multipliedBy(missedHeartbeats);
  }

  public DispatchSettings holdingUnfinished() {
    return new DispatchSettings(
        prefetch, heartbeat, missedHeartbeats, backoffBase, backoffMax, breaker, true);
  }
}
