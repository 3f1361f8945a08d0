package dev.ballast.simulate.stealing;

import dev.ballast.balancer.schedule.StealRule;
import dev.ballast.balancer.schedule.Stealing;
import dev.ballast.simulate.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The same runs with and without stealing, and by another's rule. */
public final class StealingStudy {
  /** Nothing is asked back: what the others are held against. */
  public static final Rule NONE = new Rule("none", () -> Stealing.NONE);

  /** Ours, as in production. */
  public static final Rule OURS = new Rule("ballast", () -> StealRule.DEFAULTS);

  /** The ancestor's, in its own time and whenever something changes. */
  public static final List<Rule> THRESHOLDS =
      List.of(
          new Rule("threshold, 30 s", () -> new ThresholdSteals(30)),
          new Rule("threshold, at once", () -> new ThresholdSteals(0)));

  private StealingStudy() {}

  /** A rule by its name; {@code make}: a fresh one for each run. */
  public record Rule(String name, Supplier<Stealing> make) {}

  /**
   * What a rule came to.
   *
   * @param sojournRatio mean sojourn with it ÷ with {@link #NONE}, paired; so with the p99 waits
   * @param lost tasks without a result in all runs; {@code doubled}: run or counted twice
   */
  public record Finding(
      Rule rule,
      Interval sojournSeconds,
      Interval p99WaitSeconds,
      Interval migrationsPerTask,
      Interval sojournRatio,
      Interval p99WaitRatio,
      long lost,
      long doubled) {}

  /** All rules. */
  public static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>(List.of(NONE, OURS));
    rules.addAll(THRESHOLDS);
    return rules;
  }

  /** Runs the work by each rule; the first of them is what the others are held against. */
  public static List<Finding> of(ShortWork work, List<Rule> rules, long seed, int replications) {
    List<List<Figures>> runs =
        IntStream.range(0, replications)
            .parallel()
            .mapToObj(replication -> {
              ShortWork.Instance instance = work.instance(seed, replication);
              return rules.stream().map(rule -> Trial.run(instance, rule.make().get())).toList();
            })
            .toList();
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      int number = i;
      List<Figures> ours = runs.stream().map(run -> run.get(number)).toList();
      List<Figures> base = runs.stream().map(run -> run.get(0)).toList();
      findings.add(finding(rules.get(i), ours, base));
    }
    return findings;
  }

  private static Finding finding(Rule rule, List<Figures> runs, List<Figures> base) {
    return new Finding(
        rule,
        Interval.of(values(runs, Figures::meanSojournSeconds)),
        Interval.of(values(runs, Figures::p99WaitSeconds)),
        Interval.of(values(runs, Figures::migrationsPerTask)),
        ratio(runs, base, Figures::meanSojournSeconds),
        ratio(runs, base, Figures::p99WaitSeconds),
        runs.stream().mapToLong(Figures::lost).sum(),
        runs.stream().mapToLong(Figures::doubled).sum());
  }

  private static Interval ratio(
      List<Figures> runs, List<Figures> base, ToDoubleFunction<Figures> figure) {
    return Interval.ratio(values(runs, figure), values(base, figure));
  }

  private static double[] values(List<Figures> runs, ToDoubleFunction<Figures> figure) {
    return runs.stream().mapToDouble(figure).toArray();
  }
}
