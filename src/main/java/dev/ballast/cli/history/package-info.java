/**
 * {@code history}, {@code explain} and {@code export}: what was learned, asked of the running
 * server of a data directory, else of its file. Writes nothing there.
 */
@NullMarked
package dev.ballast.cli.history;

import org.jspecify.annotations.NullMarked;
