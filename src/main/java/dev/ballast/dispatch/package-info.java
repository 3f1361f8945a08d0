/**
 * The life of jobs, tasks, attempts and leases as one deterministic state machine: commands in,
 * events and effects out. Journal, clock and the outside world are ports; no framework, no thread
 * of its own but the loop's.
 */
@NullMarked
package dev.ballast.dispatch;

import org.jspecify.annotations.NullMarked;
