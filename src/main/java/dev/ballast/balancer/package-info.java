/**
 * Decides which browser runs a task, and explains it: profiles, scores, placement. Pure functions
 * of a fleet snapshot; no clock, no I/O, no framework, nothing of the packages above.
 */
@NullMarked
package dev.ballast.balancer;

import org.jspecify.annotations.NullMarked;
