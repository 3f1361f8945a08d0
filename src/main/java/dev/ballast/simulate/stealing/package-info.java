/**
 * What asking back pays: the real dispatch and balancer under a virtual clock, with workers that
 * speak production's protocol over a network that takes its time. Tasks are so short that they are
 * handed out before a slot is free; the same run is done with and without stealing.
 */
@NullMarked
package dev.ballast.simulate.stealing;

import org.jspecify.annotations.NullMarked;
