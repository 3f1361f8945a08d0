/**
 * What happened, as it is told: to readers of the event stream, who may come back without a gap,
 * and to the log. Events come from dispatch once they are durable.
 */
@NullMarked
package dev.ballast.server.events;

import org.jspecify.annotations.NullMarked;
