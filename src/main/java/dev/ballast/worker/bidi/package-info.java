/**
 * A client of the WebDriver BiDi protocol (W3C): commands and events over one WebSocket. Knows the
 * wire, not what the commands mean.
 */
@NullMarked
package dev.ballast.worker.bidi;

import org.jspecify.annotations.NullMarked;
