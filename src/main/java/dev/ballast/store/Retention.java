package dev.ballast.store;

import java.time.Duration;

/**
 * How much of the history is kept; the oldest goes first. What dispatch needs to go on is not part
 * of it, and is never dropped.
 *
 * @param age results that ended longer ago go; positive
 * @param bytes what the data in the database file may weigh, at least {@link #LEAST_BYTES}. DuckDB
 *     gives space back in groups of 122,880 rows, and fills it again before the file grows
 */
public record Retention(Duration age, long bytes) {
  /** Less would hold the state of dispatch and little else. */
  public static final long LEAST_BYTES = 16L << 20;

  /** A year and a month, so that a season can be compared with the last one. */
  public static final Retention DEFAULTS = new Retention(Duration.ofDays(400), 8L << 30);

  public Retention {
    if (!age.isPositive()) {
      throw new IllegalArgumentException("age (%s) must be positive".formatted(age));
    }
    if (bytes < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "bytes (%d) must be at least %d (16 MiB)".formatted(bytes, LEAST_BYTES));
    }
  }
}
