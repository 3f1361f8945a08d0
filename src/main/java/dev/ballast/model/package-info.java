/**
 * The words of Ballast as immutable records: jobs, tasks, attempts, browsers, results, verdicts. No
 * framework, no I/O, no clock, and nothing of the packages above.
 */
@NullMarked
package dev.ballast.model;

import org.jspecify.annotations.NullMarked;
