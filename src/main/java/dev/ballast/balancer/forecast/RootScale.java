package dev.ballast.balancer.forecast;

/**
 * Counts on a scale where their scatter hardly depends on their size: {@code z = 2·√(y + 3/8)} has
 * a variance near 1 for Poisson counts of any mean (Anscombe 1948, "The transformation of Poisson,
 * binomial and negative-binomial data"). One width of interval then fits day and night.
 */
final class RootScale {
  private static final double SHIFT = 3.0 / 8;

  private RootScale() {}

  /** {@code count}: 0 or more. */
  static double of(double count) {
    return 2 * Math.sqrt(count + SHIFT);
  }

  static double back(double root) {
    return root <= 0 ? 0 : Math.max(0, root * root / 4 - SHIFT);
  }
}
