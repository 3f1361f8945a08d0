package dev.ballast.server.metrics;

import java.util.HashSet;
import java.util.Set;

/**
 * Values of one label, of which only so many are kept apart: kinds of browsers and backends are
 * open sets, and a series for each word that a worker may think of would never end.
 */
final class Bounded {
  static final String OTHER = "other";

  private final int most;
  private final Set<String> known = new HashSet<>();

  Bounded(int most) {
    this.most = most;
  }

  /** That value, or {@value #OTHER} when too many others came before it. */
  synchronized String of(String value) {
    if (known.size() < most) {
      known.add(value);
    }
    return known.contains(value) ? value : OTHER;
  }
}
