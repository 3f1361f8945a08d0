package dev.ballast.model;

/** Quantiles by linear interpolation between order statistics (Hyndman and Fan 1996, type 7). */
final class Quantiles {
  private Quantiles() {}

  /** Of at least one value in ascending order; {@code probability} 0–1. */
  static double ofSorted(double[] sorted, double probability) {
    double position = probability * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
