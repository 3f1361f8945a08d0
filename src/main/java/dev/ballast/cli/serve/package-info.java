/**
 * {@code local}, {@code controller} and {@code worker}: the wiring of what serves until it is
 * stopped. No logic of the parts it wires.
 */
@NullMarked
package dev.ballast.cli.serve;

import org.jspecify.annotations.NullMarked;
