/**
 * The HTTP face of a controller: worker protocol, REST, health, metrics. Translates; every decision
 * is dispatch's.
 */
@NullMarked
package dev.ballast.server;

import org.jspecify.annotations.NullMarked;
