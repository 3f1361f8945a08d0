/**
 * The report of a run as one HTML page. Each section is a class; nothing here knows where results
 * come from.
 */
@NullMarked
package dev.ballast.cli.report.html;

import org.jspecify.annotations.NullMarked;
