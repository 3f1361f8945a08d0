package dev.ballast.dispatch;

import dev.ballast.balancer.BrowserView;
import dev.ballast.balancer.Candidate;
import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Factor;
import dev.ballast.balancer.PoolTimes;
import dev.ballast.balancer.aware.BrowserAwareScheduler;
import dev.ballast.balancer.schedule.Board;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What spoke for a browser, in seconds: of each group of alike browsers the one that is ready
 * first, and of those that have the model loaded, on each backend that is allowed there.
 *
 * <pre>
 * cost = wait + load + (affinity + history + speed + reliability + hardware) + exploration
 *      + (utilization + forecast) [what a second there is worth to other tasks] + memory + plan
 * </pre>
 *
 * The rule places all waiting tasks together. Where that gives a task another browser than its own
 * cheapest, {@code plan} says by how much.
 */
final class Explanation {
  private static final int CANDIDATES_KEPT = 16;
  private static final double CHEAPER_SECONDS = 1e-9;

  private final Floor floor;

  Explanation(Floor floor) {
    this.floor = floor;
  }

  /** Why that browser got a task of the group; to be asked before it has it. */
  Decision.Placed of(int group, double arrivalSeconds, int browser) {
    List<Candidate> others = new ArrayList<>();
    List<Candidate> own = new ArrayList<>();
    BrowserAwareScheduler rule = floor.rule();
    rule.options(
        group,
        arrivalSeconds,
        (of, wait, price, expected) -> {
          if (of != browser) {
            add(others, group, of, wait, price, expected);
          } else if (own.isEmpty()) {
            add(own, group, of, wait, price, expected);
          }
        });
    if (own.isEmpty()) {
      rule.option(
          group,
          browser,
          arrivalSeconds,
          (of, wait, price, expected) -> add(own, group, of, wait, price, expected));
    }
    Candidate chosen = own.getFirst();
    others.addAll(own.subList(1, own.size()));
    double least = Double.POSITIVE_INFINITY;
    for (Candidate other : others) {
      least = Math.min(least, other.costSeconds());
    }
    chosen = planned(chosen, Math.min(0, least - CHEAPER_SECONDS - chosen.costSeconds()));
    sort(others);
    List<Candidate> all = new ArrayList<>(List.of(chosen));
    all.addAll(others.subList(0, Math.min(CANDIDATES_KEPT - 1, others.size())));
    return new Decision.Placed(chosen, all);
  }

  /** What a task of the group could be given to now, the cheapest first. */
  List<Candidate> candidates(int group, double arrivalSeconds) {
    List<Candidate> all = new ArrayList<>();
    floor
        .rule()
        .options(
            group,
            arrivalSeconds,
            (of, wait, price, expected) -> add(all, group, of, wait, price, expected));
    sort(all);
    return List.copyOf(all.subList(0, Math.min(CANDIDATES_KEPT, all.size())));
  }

  private static void sort(List<Candidate> candidates) {
    candidates.sort(
        Comparator.comparingDouble(Candidate::costSeconds)
            .thenComparing(Candidate::worker)
            .thenComparing(Candidate::backend));
  }

  private static Candidate planned(Candidate chosen, double gain) {
    Map<Factor, Double> seconds = new EnumMap<>(chosen.seconds());
    seconds.put(Factor.PLAN, gain);
    return new Candidate(
        chosen.worker(), chosen.pool(), chosen.kind(), chosen.backend(), true, seconds);
  }

  private void add(
      List<Candidate> to,
      int group,
      int browser,
      double waitSeconds,
      double price,
      double expectedRatio) {
    Board board = floor.board();
    PoolTimes times = floor.times();
    int pool = board.pool(browser);
    double hope = floor.rule().hope(group);
    BrowserView like = times.pool(pool);
    Set<String> seen = new HashSet<>();
    for (PoolTimes.Expected expected : times.expected(group, pool)) {
      if (!seen.add(expected.backend().toString())) {
        continue;
      }
      Map<Factor, Double> seconds = new EnumMap<>(expected.factors());
      boolean resident = board.resident(browser, expected.variant());
      double load = resident ? 0 : expected.loadSeconds();
      double exploration = expected.seconds() * Math.expm1(-hope * expected.error());
      double priced = price * (expected.seconds() + exploration + load);
      seconds.put(Factor.WAIT, waitSeconds);
      seconds.put(Factor.LOAD, load);
      seconds.put(Factor.EXPLORATION, exploration);
      seconds.put(Factor.UTILIZATION, priced * (1 - expectedRatio));
      seconds.put(Factor.FORECAST, priced * expectedRatio);
      seconds.put(
          Factor.MEMORY,
          resident || board.fitsBeside(browser, expected.variant()) ? 0 : expected.loadSeconds());
      seconds.put(Factor.PLAN, 0.0);
      to.add(
          new Candidate(
              floor.worker(browser).id,
              like.pool(),
              like.kind(),
              expected.backend(),
              board.freeSlots(browser) > 0,
              seconds));
    }
  }
}
