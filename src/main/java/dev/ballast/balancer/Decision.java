package dev.ballast.balancer;

import java.util.List;

/** Where a task goes, or why it waits. Candidates are the best first, at most 16 of them. */
public sealed interface Decision {
  List<Candidate> candidates();

  /** The cheapest candidate with a free place. */
  record Placed(Candidate chosen, List<Candidate> candidates) implements Decision {
    public Placed {
      candidates = List.copyOf(candidates);
    }
  }

  /** No place for it now. */
  record Waits(WaitReason reason, List<Candidate> candidates) implements Decision {
    public Waits {
      candidates = List.copyOf(candidates);
    }
  }
}
