package dev.ballast.store;

import dev.ballast.balancer.Decision;
import java.time.Instant;
import java.util.Optional;

/**
 * A task was given a place.
 *
 * @param attempt its number, from 1
 * @param at when; absent once the journal no longer goes back so far
 */
public record Placement(int attempt, Optional<Instant> at, Decision.Placed decision) {}
