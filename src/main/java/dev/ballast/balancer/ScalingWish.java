package dev.ballast.balancer;

/**
 * What its owner wants of the scaling of a pool.
 *
 * @param horizonSeconds how far the forecast looks ahead at least, more than 0
 * @param utilizationRatio share of busy slots to aim at, more than 0, at most 1
 */
public record ScalingWish(double horizonSeconds, double utilizationRatio) {
  public ScalingWish {
    if (!(horizonSeconds > 0 && utilizationRatio > 0 && utilizationRatio <= 1)) {
      throw new IllegalArgumentException(
          "no wish: %s s ahead, utilization %s".formatted(horizonSeconds, utilizationRatio));
    }
  }
}
