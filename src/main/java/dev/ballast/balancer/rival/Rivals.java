package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Policy;
import java.util.List;

/** All rules of others. */
public final class Rivals {
  private Rivals() {}

  public static List<Policy> all() {
    return List.of(
        new Policy(
            "random",
            "any free browser",
            (board, times, moves, seed) -> new RandomChoice(board, times, moves, seed)),
        new Policy(
            "round-robin",
            "the next free browser in turn",
            (board, times, moves, _) -> new RoundRobin(board, times, moves)),
        new Policy(
            "least-loaded",
            "Selenium Grid, DefaultSlotSelector",
            (board, times, moves, _) -> new LeastLoaded(board, times, moves)),
        new Policy(
            "power-of-two",
            "Mitzenmacher 2001",
            (board, times, moves, seed) -> new PowerOfTwo(board, times, moves, seed)),
        new Policy(
            "static-affinity",
            "the ancestor's formula",
            (board, times, moves, _) -> new StaticAffinity(board, times, moves)),
        new Policy(
            "earliest-completion",
            "MCT, Braun et al. 2001",
            (board, times, moves, _) -> new EarliestCompletion(board, times, moves)),
        new Policy(
            "min-min",
            "Ibarra, Kim 1977",
            (board, times, moves, _) -> new MinMin(board, times, moves)),
        new Policy(
            "peak-ewma",
            "Twitter Finagle, PeakEwma",
            (board, times, moves, seed) -> new PeakEwma(board, times, moves, seed)),
        new Policy(
            "threshold-stealing",
            "the ancestor's stealing",
            (board, times, moves, _) -> new ThresholdStealing(board, times, moves)),
        new Policy(
            "dask-stealing",
            "Dask, distributed/stealing.py",
            (board, times, moves, _) -> new DaskStealing(board, times, moves)),
        new Policy(
            "max-throughput",
            "Gavel, Narayanan et al. 2020",
            (board, times, moves, _) -> new MaxThroughput(board, times, moves)),
        new Policy(
            "max-weight",
            "Gcμ, Mandelbaum, Stolyar 2004",
            (board, times, moves, _) -> new MaxWeight(board, times, moves)));
  }
}
