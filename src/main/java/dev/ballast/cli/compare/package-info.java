/**
 * Two reports beside each other: what became faster or slower, with intervals. Reads JSON reports;
 * knows nothing of servers or files of jobs.
 */
@NullMarked
package dev.ballast.cli.compare;

import org.jspecify.annotations.NullMarked;
