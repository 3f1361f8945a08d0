package dev.ballast.balancer;

import dev.ballast.balancer.aware.Tuning;

/**
 * How strongly what is beside the service time weighs in production.
 *
 * @param speedWeight how many service times an infinitely slow inference costs: prefers the faster
 *     browser even when attempts are ended by the clock and so last equally long
 * @param prefetchBelowSeconds only tasks shorter than this are handed to a browser before a slot is
 *     free: for longer ones the round trip is nothing, and a better place may come
 * @param tuning constants of the rule
 */
public record PlacementSettings(double speedWeight, double prefetchBelowSeconds, Tuning tuning) {
  public static final PlacementSettings DEFAULTS = new PlacementSettings(0.5, 1, Tuning.DEFAULTS);
}
