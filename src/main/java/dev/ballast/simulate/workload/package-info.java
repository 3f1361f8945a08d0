/** What is simulated: browsers, models, arrivals and disruptions; read from files, or generated. */
@NullMarked
package dev.ballast.simulate.workload;

import org.jspecify.annotations.NullMarked;
