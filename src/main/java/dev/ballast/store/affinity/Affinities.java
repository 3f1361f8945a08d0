package dev.ballast.store.affinity;

import dev.ballast.balancer.Priors;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares browsers by what they measured. All comparisons are ratios of geometric means, so that a
 * slow model does not drown the quick ones, and paired: within one model.
 *
 * <pre>log ratio(a, b) = mean over models m of [ mean log t(m, b) − mean log t(m, a) ]</pre>
 *
 * {@link Contrast} gives its interval.
 */
public final class Affinities {
  /** At so many moments of the past the best one is worked out again, to see when it changed. */
  private static final int MOMENTS = 1_000;

  private final Priors priors;

  private Affinities(Priors priors) {
    this.priors = priors;
  }

  /** Families first, each followed by its models; software adapters after the rest. */
  public static List<Affinity> of(List<Speed> speeds, Priors priors) {
    return new Affinities(priors).all(speeds);
  }

  /** Of families only. */
  public static List<Affinity> ofFamilies(List<Speed> speeds, Priors priors) {
    return of(speeds, priors).stream().filter(affinity -> affinity.model().isEmpty()).toList();
  }

  private record Scope(ModelFamily family, boolean software) {}

  private List<Affinity> all(List<Speed> speeds) {
    Map<Scope, List<Speed>> scopes =
        new TreeMap<>(Comparator.comparing(Scope::family).thenComparing(Scope::software));
    speeds.stream()
        .sorted(Comparator.comparing(Speed::at))
        .forEach(speed ->
            scopes
                .computeIfAbsent(
                    new Scope(speed.family(), speed.software()), scope -> new ArrayList<>())
                .add(speed));
    List<Affinity> affinities = new ArrayList<>();
    scopes.forEach((scope, ofFamily) -> {
      affinities.add(affinity(scope, null, ofFamily));
      Map<String, List<Speed>> models = new TreeMap<>();
      for (Speed speed : ofFamily) {
        models.computeIfAbsent(speed.model(), model -> new ArrayList<>()).add(speed);
      }
      models.forEach((model, ofModel) -> affinities.add(affinity(scope, model, ofModel)));
    });
    return affinities;
  }

  private Affinity affinity(Scope scope, @Nullable String model, List<Speed> speeds) {
    SpeedTable table = new SpeedTable();
    speeds.forEach(table::add);
    return new Affinity(
        scope.family(),
        Optional.ofNullable(model),
        scope.software(),
        table.places().stream().map(place -> cell(table, place)).toList(),
        best(scope, table, speeds),
        scope.software() ? List.of() : checks(scope.family(), table));
  }

  private static Affinity.Cell cell(SpeedTable table, Place place) {
    Contrast time = table.time(place);
    return new Affinity.Cell(
        place,
        table.models(place),
        time.attempts(),
        time.flagged(),
        time.exponential(),
        overModels(table.ratios(List.of(place), _ -> true)).map(Contrast::exponential));
  }

  private List<Affinity.PriorCheck> checks(ModelFamily family, SpeedTable table) {
    return table.places().stream()
        .map(Place::kind)
        .distinct()
        .filter(kind -> priors.advantage(family, kind) != 1)
        .map(kind -> check(family, table, kind))
        .toList();
  }

  private Affinity.PriorCheck check(ModelFamily family, SpeedTable table, BrowserKind kind) {
    double advantage = priors.advantage(family, kind);
    Optional<Estimate> measured =
        overModels(
                table.ratios(
                    table.places().stream().filter(place -> place.kind().equals(kind)).toList(),
                    other -> priors.advantage(family, other.kind()) < advantage))
            .map(Contrast::exponential);
    // The rivals have a smaller prior, so that whatever it is, this kind is expected to be ahead.
    return new Affinity.PriorCheck(
        kind, advantage, measured, Affinity.Agreement.of(measured, Double.MAX_VALUE));
  }

  private Affinity.Best best(Scope scope, SpeedTable table, List<Speed> speeds) {
    Place best = table.ranking().getFirst();
    return new Affinity.Best(best, bestSince(best, speeds), lead(scope, table, best));
  }

  private Optional<Affinity.Lead> lead(Scope scope, SpeedTable table, Place best) {
    return rival(table, best, place -> !place.kind().equals(best.kind()))
        .or(() -> rival(table, best, place -> !place.equals(best)))
        .map(over -> lead(scope, table.ratios(best, over), best, over));
  }

  /** Among them the place that comes nearest to {@code best} over the models they share. */
  private static Optional<Place> rival(SpeedTable table, Place best, Predicate<Place> eligible) {
    return table.places().stream()
        .filter(eligible)
        .filter(place -> !table.ratios(best, place).isEmpty())
        .min(
            Comparator.comparingDouble(
                place -> overModels(table.ratios(best, place)).map(Contrast::value).orElseThrow()));
  }

  private Affinity.Lead lead(Scope scope, List<Contrast> ratios, Place best, Place over) {
    Contrast all = overModels(ratios).orElseThrow();
    Estimate ratio = all.exponential();
    Affinity.Evidence evidence =
        new Affinity.Evidence(all.attempts(), ratios.size(), all.flagged());
    if (scope.software()) {
      return new Affinity.Lead(
          over, ratio, evidence, OptionalDouble.empty(), Affinity.Agreement.NO_PRIOR);
    }
    double expected =
        priors.advantage(scope.family(), best.kind())
            / priors.advantage(scope.family(), over.kind());
    return new Affinity.Lead(
        over,
        ratio,
        evidence,
        OptionalDouble.of(expected),
        Affinity.Agreement.of(Optional.of(ratio), expected));
  }

  /** Every model weighs the same. */
  private static Optional<Contrast> overModels(List<Contrast> models) {
    Contrast all = new Contrast();
    models.forEach(model -> all.add(1.0 / models.size(), model));
    return models.isEmpty() ? Optional.empty() : Optional.of(all);
  }

  private static Instant bestSince(Place best, List<Speed> speeds) {
    SpeedTable past = new SpeedTable();
    int stride = Math.max(1, speeds.size() / MOMENTS);
    Instant since = speeds.getLast().at();
    boolean was = false;
    for (int i = 0; i < speeds.size(); i++) {
      past.add(speeds.get(i));
      if (i % stride == 0 || i == speeds.size() - 1) {
        boolean is = past.ranking().getFirst().equals(best);
        if (is && !was) {
          since = speeds.get(i).at();
        }
        was = is;
      }
    }
    return since;
  }
}
