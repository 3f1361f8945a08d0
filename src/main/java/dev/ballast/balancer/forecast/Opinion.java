package dev.ballast.balancer.forecast;

/** One way to look ahead. */
interface Opinion {
  void observe(double value);

  /** {@code steps}: at least 1. */
  double ahead(int steps);
}
