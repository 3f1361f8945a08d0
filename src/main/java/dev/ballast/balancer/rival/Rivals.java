package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Policy;
import java.util.List;

/** All rules of others. */
public final class Rivals {
  private Rivals() {}

  public static List<Policy> all() {
    return List.of(
        new Policy(
            "least-loaded",
            "Selenium Grid, DefaultSlotSelector",
            (board, times, moves, _) -> new LeastLoaded(board, times, moves)),
        new Policy(
            "earliest-completion",
            "Braun et al. 2001, MCT",
            (board, times, moves, _) -> new EarliestCompletion(board, times, moves)),
        new Policy(
            "min-min",
            "Ibarra, Kim 1977; Braun et al. 2001",
            (board, times, moves, _) -> new MinMin(board, times, moves)));
  }
}
