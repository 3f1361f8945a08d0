/** {@code ballast simulate}: workload files in; tables, JSON, CSV and a page of pictures out. */
@NullMarked
package dev.ballast.cli.simulation;

import org.jspecify.annotations.NullMarked;
