/** Rules that scale a fleet, side by side: what they cost and how long tasks wait. */
@NullMarked
package dev.ballast.simulate.scaling;

import org.jspecify.annotations.NullMarked;
