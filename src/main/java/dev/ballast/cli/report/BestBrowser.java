package dev.ballast.cli.report;

import dev.ballast.cli.report.Affinity.Agreement;
import dev.ballast.cli.report.Affinity.Contender;
import dev.ballast.cli.report.Affinity.Evidence;
import dev.ballast.cli.report.Affinity.Ratio;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import dev.ballast.model.Verdict.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Finds the best browser of each family, with an interval and its evidence.
 *
 * <p>Two contenders are compared over the models that both ran, each model weighing the same:
 *
 * <pre>ratio = exp( mean over models of [ mean ln t(against) − mean ln t(best) ] )
 * var   = s² · Σ over models (1/n(best) + 1/n(against)) ÷ models²</pre>
 *
 * where t is the mean of one attempt and s² the variance of ln t among repetitions, pooled over all
 * cells; its degrees of freedom give the t quantile. Where nothing was repeated, the spread of the
 * ratio between models takes its place; with one model too, there is no interval.
 *
 * <p>Counted are attempts that succeeded and were not rejected, cold or throttled. Results of
 * software GPU adapters are compared among themselves only.
 */
public final class BestBrowser {
  private BestBrowser() {}

  private record Point(double logMillis, boolean flagged) {}

  private record Comparison(
      double logRatio, OptionalDouble halfWidth, int attempts, int models, int flagged) {}

  /** Log times by contender and model, of one family. */
  private static final class Times {
    final Map<Contender, Map<String, List<Point>>> points = new TreeMap<>();

    void add(Contender contender, String model, Point point) {
      points
          .computeIfAbsent(contender, c -> new TreeMap<>())
          .computeIfAbsent(model, m -> new ArrayList<>())
          .add(point);
    }

    Map<String, List<Point>> of(Contender contender) {
      return points.getOrDefault(contender, Map.of());
    }
  }

  private record Group(ModelFamily family, boolean software) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int byFamily = family.compareTo(other.family);
      return byFamily != 0 ? byFamily : Boolean.compare(software, other.software);
    }
  }

  /** One statement for each family, software rasterisers after the rest. */
  public static List<Affinity> of(List<AttemptResult> results, Priors priors) {
    Map<Group, Times> groups = new TreeMap<>();
    for (AttemptResult result : results) {
      contender(result)
          .ifPresent(contender ->
              groups
                  .computeIfAbsent(
                      new Group(result.model().family(), software(result)), g -> new Times())
                  .add(
                      contender,
                      result.model().name(),
                      new Point(
                          Math.log(Objects.requireNonNull(result.summary()).mean()),
                          result.verdict().level() == Verdict.Level.FLAGGED)));
    }
    List<Affinity> statements = new ArrayList<>();
    groups.forEach((group, times) -> statements.add(statement(group, times, priors)));
    return statements;
  }

  private static Optional<Contender> contender(AttemptResult result) {
    Summary summary = result.summary();
    Set<Reason> reasons = result.verdict().reasons();
    boolean counts =
        result.outcome() == Outcome.SUCCEEDED
            && summary != null
            && summary.mean() > 0
            && Double.isFinite(summary.mean())
            && result.verdict().level() != Verdict.Level.REJECTED
            && !reasons.contains(Reason.COLD)
            && !reasons.contains(Reason.THROTTLED);
    var browser = result.browser();
    var backend = result.backend().actual();
    return counts && browser != null && backend != null
        ? Optional.of(new Contender(browser.kind(), backend))
        : Optional.empty();
  }

  private static boolean software(AttemptResult result) {
    return result.verdict().reasons().contains(Reason.SOFTWARE_ADAPTER);
  }

  private static Affinity statement(Group group, Times times, Priors priors) {
    Contender best = ranking(times).getFirst();
    List<Contender> rivals =
        times.points.keySet().stream()
            .filter(rival -> !rival.browser().equals(best.browser()))
            .filter(rival -> !common(times, best, rival).isEmpty())
            .toList();
    if (rivals.isEmpty()) {
      List<Point> own = times.of(best).values().stream().flatMap(List::stream).toList();
      return new Affinity(
          group.family(),
          group.software(),
          best,
          Optional.empty(),
          Optional.empty(),
          new Evidence(
              own.size(), times.of(best).size(), (int) own.stream().filter(Point::flagged).count()),
          OptionalDouble.empty(),
          Agreement.NO_PRIOR);
    }
    Contender against =
        rivals.stream()
            .min(Comparator.comparingDouble(rival -> compare(times, best, rival).logRatio()))
            .orElseThrow();
    Comparison comparison = compare(times, best, against);
    Ratio ratio =
        new Ratio(Math.exp(comparison.logRatio()), scaled(comparison, -1), scaled(comparison, +1));
    double prior =
        priors.advantage(group.family(), best.browser())
            / priors.advantage(group.family(), against.browser());
    return new Affinity(
        group.family(),
        group.software(),
        best,
        Optional.of(against),
        Optional.of(ratio),
        new Evidence(comparison.attempts(), comparison.models(), comparison.flagged()),
        group.software() ? OptionalDouble.empty() : OptionalDouble.of(prior),
        group.software() ? Agreement.NO_PRIOR : agreement(ratio, prior));
  }

  private static OptionalDouble scaled(Comparison comparison, int sign) {
    return comparison.halfWidth().isPresent()
        ? OptionalDouble.of(
            Math.exp(comparison.logRatio() + sign * comparison.halfWidth().getAsDouble()))
        : OptionalDouble.empty();
  }

  private static Agreement agreement(Ratio ratio, double prior) {
    if (prior == 1) {
      return Agreement.NO_PRIOR;
    }
    if (!ratio.decided()) {
      return Agreement.UNDECIDED;
    }
    return ratio.value() > 1 == prior > 1 ? Agreement.AGREES : Agreement.DISAGREES;
  }

  /**
   * Best first: by duels won, then by models covered, then by name. Who ran fewer than half of the
   * models comes after the others, because a ratio over one small model says little of the family.
   */
  private static List<Contender> ranking(Times times) {
    long models =
        times.points.values().stream()
            .flatMap(byModel -> byModel.keySet().stream())
            .distinct()
            .count();
    Comparator<Contender> byEligibility =
        Comparator.comparing(contender -> 2L * times.of(contender).size() < models);
    return times.points.keySet().stream()
        .sorted(
            byEligibility
                .thenComparingInt(contender -> -duelsWon(times, contender))
                .thenComparingInt(contender -> -times.of(contender).size())
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static int duelsWon(Times times, Contender contender) {
    int won = 0;
    for (Contender rival : times.points.keySet()) {
      if (!rival.equals(contender)
          && !common(times, contender, rival).isEmpty()
          && compare(times, contender, rival).logRatio() > 0) {
        won++;
      }
    }
    return won;
  }

  private static Set<String> common(Times times, Contender one, Contender other) {
    Set<String> models = new TreeSet<>(times.of(one).keySet());
    models.retainAll(new HashSet<>(times.of(other).keySet()));
    return models;
  }

  private static Comparison compare(Times times, Contender best, Contender against) {
    Set<String> models = common(times, best, against);
    List<Double> differences = new ArrayList<>();
    double squares = 0;
    int freedom = 0;
    double weights = 0;
    int attempts = 0;
    int flagged = 0;
    for (String model : models) {
      List<Point> ours = Objects.requireNonNull(times.of(best).get(model));
      List<Point> theirs = Objects.requireNonNull(times.of(against).get(model));
      differences.add(mean(theirs) - mean(ours));
      squares += squares(ours) + squares(theirs);
      freedom += ours.size() + theirs.size() - 2;
      weights += 1.0 / ours.size() + 1.0 / theirs.size();
      attempts += ours.size() + theirs.size();
      flagged += flagged(ours) + flagged(theirs);
    }
    int n = models.size();
    double mean = differences.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    OptionalDouble halfWidth = OptionalDouble.empty();
    if (freedom > 0) {
      halfWidth = OptionalDouble.of(t975(freedom) * Math.sqrt(squares / freedom * weights) / n);
    } else if (n > 1) {
      double between = differences.stream().mapToDouble(d -> (d - mean) * (d - mean)).sum();
      halfWidth = OptionalDouble.of(t975(n - 1) * Math.sqrt(between / (n - 1) / n));
    }
    return new Comparison(mean, halfWidth, attempts, n, flagged);
  }

  private static double mean(List<Point> points) {
    return points.stream().mapToDouble(Point::logMillis).average().orElseThrow();
  }

  private static double squares(List<Point> points) {
    double mean = mean(points);
    return points.stream()
        .mapToDouble(point -> (point.logMillis() - mean) * (point.logMillis() - mean))
        .sum();
  }

  private static int flagged(List<Point> points) {
    return (int) points.stream().filter(Point::flagged).count();
  }

  private static double t975(int freedom) {
    return new TDistribution(freedom).inverseCumulativeProbability(0.975);
  }
}
