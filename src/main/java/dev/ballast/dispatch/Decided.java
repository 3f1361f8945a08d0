package dev.ballast.dispatch;

import dev.ballast.balancer.Decision;
import dev.ballast.model.AttemptId;

/** Why an attempt was placed where it was. Explains the past; no state rests on it. */
public record Decided(AttemptId attempt, Decision.Placed decision) {}
