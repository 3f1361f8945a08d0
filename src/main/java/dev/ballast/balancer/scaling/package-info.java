/** How many workers a pool should have: from what will be demanded by the time they are up. */
@NullMarked
package dev.ballast.balancer.scaling;

import org.jspecify.annotations.NullMarked;
