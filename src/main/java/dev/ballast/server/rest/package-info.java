/**
 * The paths of the API: each reads a request, asks the desk, tells the answer. What goes wrong
 * anywhere becomes a problem document here.
 */
@NullMarked
package dev.ballast.server.rest;

import org.jspecify.annotations.NullMarked;
