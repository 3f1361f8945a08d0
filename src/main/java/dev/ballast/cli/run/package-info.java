/**
 * {@code run} and {@code quickstart}: jobs from a file to their report, here or on a server.
 * Decides nothing about where a task runs.
 */
@NullMarked
package dev.ballast.cli.run;

import org.jspecify.annotations.NullMarked;
