/** How good forecasts are: series by seed or of a user, and the yardsticks beside ours. */
@NullMarked
package dev.ballast.simulate.forecast;

import org.jspecify.annotations.NullMarked;
