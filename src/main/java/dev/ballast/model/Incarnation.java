package dev.ballast.model;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Names of the lives of a worker's process, as UUIDs of version 7 (RFC 9562): they sort by the time
 * of their start, so that a late word of a former life is known to be one, even by a controller
 * that has just been started itself.
 */
public final class Incarnation {
  private Incarnation() {}

  /** A fresh name for a life that began then. */
  public static String at(Instant start, RandomGenerator random) {
    long high = start.toEpochMilli() << 16 | 0x7000L | random.nextInt(0x1000);
    long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  /** Whether {@code one} began before {@code other}; false where a name does not tell. */
  public static boolean isOlder(String one, String other) {
    return isOrdered(one) && isOrdered(other) && one.compareTo(other) < 0;
  }

  private static boolean isOrdered(String name) {
    try {
      return name.length() == 36 && UUID.fromString(name).version() == 7;
    } catch (IllegalArgumentException e) {
      // Workers of other making may name their lives as they like.
      return false;
    }
  }
}
