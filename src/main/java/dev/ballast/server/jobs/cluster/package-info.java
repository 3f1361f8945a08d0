/**
 * The book of a cluster: its jobs are the TestJobs, written with the token of whoever asks. What
 * the API server refuses is told in its words.
 */
@NullMarked
package dev.ballast.server.jobs.cluster;

import org.jspecify.annotations.NullMarked;
