/**
 * The controller behind the HTTP face, from when it is opened until it is closed. Readiness is told
 * from here.
 */
@NullMarked
package dev.ballast.server.desk;

import org.jspecify.annotations.NullMarked;
