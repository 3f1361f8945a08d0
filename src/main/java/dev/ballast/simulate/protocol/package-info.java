/**
 * The worker's side of the protocol without a browser, for whoever simulates workers that the real
 * dispatch talks to.
 */
@NullMarked
package dev.ballast.simulate.protocol;

import org.jspecify.annotations.NullMarked;
