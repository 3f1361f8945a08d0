/**
 * What Ballast counts and measures of itself, under the names of {@link
 * dev.ballast.server.metrics.Metric}: counters fed by events once they are durable, and the state
 * as it is at the moment of a scrape.
 */
@NullMarked
package dev.ballast.server.metrics;

import org.jspecify.annotations.NullMarked;
