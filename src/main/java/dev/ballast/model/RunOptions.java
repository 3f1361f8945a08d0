package dev.ballast.model;

import java.time.Duration;

/**
 * How one attempt is measured.
 *
 * @param warmupIterations runs thrown away before sampling, ≥ 0
 * @param minIterations samples taken at least, ≥ 1
 * @param maxIterations samples taken at most
 * @param targetCiWidthRatio sampling ends when the width of the 95 % interval ÷ mean is at most
 *     this, 0–1
 * @param maxDuration sampling ends after this time, whatever its interval
 * @param timeout the attempt is {@code timed-out} after this time, loading included
 */
public record RunOptions(
    int warmupIterations,
    int minIterations,
    int maxIterations,
    double targetCiWidthRatio,
    Duration maxDuration,
    Duration timeout,
    Isolation isolation) {

  public static final RunOptions DEFAULTS =
      new RunOptions(
          3, 10, 200, 0.05, Duration.ofSeconds(10), Duration.ofSeconds(60), Isolation.EXCLUSIVE);

  /** Whether measured phases of one machine may overlap. */
  public enum Isolation {
    EXCLUSIVE,
    SHARED
  }
}
