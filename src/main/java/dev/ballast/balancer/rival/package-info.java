/**
 * The rules of others, each from its source: what ours is measured against. They get the same
 * board, the same estimates and, where their rule can use it, the same late binding as ours.
 */
@NullMarked
package dev.ballast.balancer.rival;

import org.jspecify.annotations.NullMarked;
