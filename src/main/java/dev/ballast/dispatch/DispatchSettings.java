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
 * @param poisonLosses a task that was running on so many workers when they were lost is stopped
 * @param holdUnfinished jobs found unfinished at the start wait until they are resumed by name
 * @param snapshotEvery events after which the state is written down, and the events before dropped
 */
public record DispatchSettings(
    int prefetch,
    Duration heartbeat,
    int missedHeartbeats,
    Duration backoffBase,
    Duration backoffMax,
    int poisonLosses,
    BreakerSettings breaker,
    Retention retention,
    boolean holdUnfinished,
    int snapshotEvery) {
  public static final DispatchSettings DEFAULTS =
      new DispatchSettings(
          1,
          Duration.ofSeconds(2),
          3,
          Duration.ofMillis(200),
          Duration.ofSeconds(30),
          3,
          new BreakerSettings(0.5, 10, Duration.ofSeconds(30)),
          new Retention(Duration.ofHours(24), Duration.ofMinutes(10), 200_000),
          false,
          200_000);

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

  /**
   * How long ended jobs stay in memory; their results stay in the history.
   *
   * @param atMost an ended job is forgotten after this
   * @param atLeast and not before this, so that whoever submitted it can see how it ended
   * @param tasks the oldest are forgotten early while the ended jobs have more tasks than this
   */
  public record Retention(Duration atMost, Duration atLeast, int tasks) {}

  public DispatchSettings {
    if (prefetch < 0) {
      throw new IllegalArgumentException("prefetch (%d) must not be negative".formatted(prefetch));
    }
    if (missedHeartbeats < 1) {
      throw new IllegalArgumentException(
          "missedHeartbeats (%d) must be at least 1".formatted(missedHeartbeats));
    }
    if (poisonLosses < 1) {
      throw new IllegalArgumentException(
          "poisonLosses (%d) must be at least 1".formatted(poisonLosses));
    }
    if (snapshotEvery < 1) {
      throw new IllegalArgumentException(
          "snapshotEvery (%d) must be at least 1".formatted(snapshotEvery));
    }
  }

  /** A worker not heard of for this long is lost. */
  public Duration lease() {
    return Duration.ofMillis(heartbeat.toMillis() * missedHeartbeats);
  }

  public DispatchSettings holdingUnfinished() {
    return new DispatchSettings(
        prefetch,
        heartbeat,
        missedHeartbeats,
        backoffBase,
        backoffMax,
        poisonLosses,
        breaker,
        retention,
        true,
        snapshotEvery);
  }

  public DispatchSettings withBreaker(BreakerSettings changed) {
    return new DispatchSettings(
        prefetch,
        heartbeat,
        missedHeartbeats,
        backoffBase,
        backoffMax,
        poisonLosses,
        changed,
        retention,
        holdUnfinished,
        snapshotEvery);
  }

  public DispatchSettings withPrefetch(int changed) {
    return new DispatchSettings(
        changed,
        heartbeat,
        missedHeartbeats,
        backoffBase,
        backoffMax,
        poisonLosses,
        breaker,
        retention,
        holdUnfinished,
        snapshotEvery);
  }

  public DispatchSettings withHeartbeat(Duration changed, int missed) {
    return new DispatchSettings(
        prefetch,
        changed,
        missed,
        backoffBase,
        backoffMax,
        poisonLosses,
        breaker,
        retention,
        holdUnfinished,
        snapshotEvery);
  }

  public DispatchSettings withRetention(Retention changed) {
    return new DispatchSettings(
        prefetch,
        heartbeat,
        missedHeartbeats,
        backoffBase,
        backoffMax,
        poisonLosses,
        breaker,
        changed,
        holdUnfinished,
        snapshotEvery);
  }

  public DispatchSettings withSnapshotEvery(int events) {
    return new DispatchSettings(
        prefetch,
        heartbeat,
        missedHeartbeats,
        backoffBase,
        backoffMax,
        poisonLosses,
        breaker,
        retention,
        holdUnfinished,
        events);
  }
}
