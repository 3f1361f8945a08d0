/**
 * The agent that owns one browser: drives it, measures in it, judges what was measured, reports it.
 * It reaches the controller only through the worker protocol.
 */
@NullMarked
package dev.ballast.worker;

import org.jspecify.annotations.NullMarked;
