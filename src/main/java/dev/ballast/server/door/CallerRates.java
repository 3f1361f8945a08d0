package dev.ballast.server.door;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A bucket for each caller: it holds {@code burst} requests, and fills up by {@code perSecond} of
 * them. Full buckets are forgotten.
 */
final class CallerRates {
  /** Beyond that many callers the full buckets are looked for. */
  private static final int MANY = 10_000;

  private final double perSecond;
  private final double burst;
  private final InstantSource clock;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  private record Bucket(double level, Instant at) {}

  CallerRates(double perSecond, double burst, InstantSource clock) {
    if (!(perSecond > 0 && burst >= 1)) {
      throw new IllegalArgumentException(
          "a rate (%s per second, burst %s) must be positive, with a burst of 1 or more"
              .formatted(perSecond, burst));
    }
    this.perSecond = perSecond;
    this.burst = burst;
    this.clock = clock;
  }

  /** Takes one request of that caller's bucket; what is answered is how long until there is one. */
  Optional<Duration> ask(String caller) {
    Instant now = clock.instant();
    if (buckets.size() > MANY) {
      buckets.values().removeIf(bucket -> level(bucket, now) >= burst);
    }
    Bucket after =
        buckets.compute(
            caller,
            (_, before) -> new Bucket((before == null ? burst : level(before, now)) - 1, now));
    if (after.level() >= 0) {
      return Optional.empty();
    }
    // What was not granted was not used either.
    buckets.computeIfPresent(caller, (_, bucket) -> new Bucket(bucket.level() + 1, bucket.at()));
    return Optional.of(Duration.ofNanos((long) (-after.level() / perSecond * 1e9)));
  }

  private double level(Bucket bucket, Instant now) {
    double passed = Duration.between(bucket.at(), now).toNanos() / 1e9;
    return Math.min(burst, bucket.level() + Math.max(0, passed) * perSecond);
  }
}
