/**
 * What was measured and learned, streamed at constant memory. Few read at a time, so that the
 * journal beside it does not wait.
 */
@NullMarked
package dev.ballast.server.history;

import org.jspecify.annotations.NullMarked;
