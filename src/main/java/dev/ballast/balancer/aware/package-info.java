/**
 * The browser-aware rule: one linear programme for shares and prices, and two ways to use it, for a
 * backlog and for tasks that keep arriving. Explained in {@code docs/balancing.md}.
 */
@NullMarked
package dev.ballast.balancer.aware;

import org.jspecify.annotations.NullMarked;
