/**
 * The small linear programme behind placement and its lower bounds: which share of each model
 * belongs on each pool, and what a second of a pool is worth. Numbers in, numbers out.
 */
@NullMarked
package dev.ballast.balancer.plan;

import org.jspecify.annotations.NullMarked;
