/**
 * What people read when a run is over, and while it goes on: table, HTML, JUnit, JSON, CSV,
 * progress. Pure functions of results; nothing here asks a browser, a database or a controller.
 */
@NullMarked
package dev.ballast.cli.report;

import org.jspecify.annotations.NullMarked;
