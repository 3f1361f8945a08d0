package dev.ballast.balancer;

import dev.ballast.balancer.aware.Tuning;
import dev.ballast.balancer.schedule.StealRule;
import dev.ballast.balancer.schedule.Stealing;

/**
 * How strongly what is beside the service time weighs in production.
 *
 * @param speedWeight how many service times an infinitely slow inference costs: prefers the faster
 *     browser even when attempts are ended by the clock and so last equally long
 * @param prefetchBelowSeconds only tasks shorter than this are handed to a browser before a slot is
 *     free: for longer ones the round trip is nothing, and a better place may come
 * @param tuning constants of the rule
 * @param stealing which of the tasks handed out are asked back, to start elsewhere
 */
public record PlacementSettings(
    double speedWeight, double prefetchBelowSeconds, Tuning tuning, Stealing stealing) {
  public static final PlacementSettings DEFAULTS =
      new PlacementSettings(0.5, 1, Tuning.DEFAULTS, StealRule.DEFAULTS);

  public PlacementSettings withPrefetchBelow(double seconds) {
    return new PlacementSettings(speedWeight, seconds, tuning, stealing);
  }

  public PlacementSettings withStealing(Stealing other) {
    return new PlacementSettings(speedWeight, prefetchBelowSeconds, tuning, other);
  }
}
