package dev.ballast.balancer.schedule;

/** {@link Times} that learn from what ran. */
public interface Estimator extends Times {
  /**
   * An attempt ended in its slot.
   *
   * @param serviceSeconds without the load of the model; of no meaning when it failed
   * @param loadSeconds NaN when the model was resident
   */
  void learn(
      int group,
      int pool,
      int variant,
      boolean succeeded,
      double serviceSeconds,
      double loadSeconds);
}
