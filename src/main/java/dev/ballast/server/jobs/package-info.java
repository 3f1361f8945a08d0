/**
 * Jobs, tasks and decisions as the API tells them, and the book that they are kept in: {@link
 * dev.ballast.server.jobs.JobBook}. The journal's is here; idempotent submission, too.
 */
@NullMarked
package dev.ballast.server.jobs;

import org.jspecify.annotations.NullMarked;
