package dev.ballast.dispatch;

import dev.ballast.balancer.Decision;

/** Hears of every decision as it is made; for counts and times, nothing may rest on it. */
public interface DecisionWatch {
  DecisionWatch NONE =
      new DecisionWatch() {
        @Override
        public void looking() {}

        @Override
        public void decided(Decision decision) {}
      };

  /** Decisions follow: who measures what they cost begins here, for there is no clock in here. */
  void looking();

  /** The next decision is made. */
  void decided(Decision decision);
}
