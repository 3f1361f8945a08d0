/**
 * The commands, and the wiring of all the rest. Talks to people: arguments, progress, tables,
 * reports, exit codes.
 */
@NullMarked
package dev.ballast.cli;

import org.jspecify.annotations.NullMarked;
