package dev.ballast.simulate.scaling;

import dev.ballast.simulate.FleetSize.Sight;

/** One rule for one class of browsers, with the knob that trades cost for waits already set. */
interface ScalingRule {
  double intervalSeconds();

  /** Browsers wanted from now on. */
  int wanted(Sight sight);

  /** A task was in its slot for so long. */
  default void served(double seconds) {}
}
