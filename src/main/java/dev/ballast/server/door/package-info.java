/**
 * Every request comes by here before anything answers: who asks, from which page, how much and how
 * often. What a {@link dev.ballast.server.door.Guard} refuses is counted and logged without its
 * token.
 */
@NullMarked
package dev.ballast.server.door;

import org.jspecify.annotations.NullMarked;
