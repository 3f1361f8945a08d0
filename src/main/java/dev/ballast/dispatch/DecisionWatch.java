package dev.ballast.dispatch;

import dev.ballast.balancer.Decision;

/** Hears of every decision as it is made; for counts and times, nothing may rest on it. */
public interface DecisionWatch {
  DecisionWatch NONE = (_, _) -> {};

  /** {@code nanos}: since the decision before, or since the look began. */
  void decided(Decision decision, long nanos);
}
