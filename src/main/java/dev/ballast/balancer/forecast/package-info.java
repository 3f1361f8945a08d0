/**
 * What will arrive: quantiles of a series of counts some ticks ahead, and what a queue makes of
 * them. Pure functions of what was observed, so that production and evaluation forecast alike.
 */
@NullMarked
package dev.ballast.balancer.forecast;

import org.jspecify.annotations.NullMarked;
