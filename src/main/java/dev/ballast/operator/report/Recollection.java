package dev.ballast.operator.report;

import java.time.Duration;
import java.time.Instant;

/**
 * The time after a start in which workers that were there before tell of themselves again. Until it
 * is over their silence means nothing: no pod is given up for it, and no status says that what ran
 * a moment ago runs no more.
 *
 * @param until when whoever was not heard of is lost
 */
public record Recollection(Instant until) {
  /** Whether somebody may still come back. */
  public boolean lasts(Instant now) {
    return now.isBefore(until);
  }

  /** How long that may take; at least a millisecond. */
  public Duration left(Instant now) {
    Duration left = Duration.between(now, until);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }
}
