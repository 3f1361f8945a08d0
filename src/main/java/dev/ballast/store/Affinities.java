package dev.ballast.store;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Summary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.hipparchus.distribution.continuous.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Compares browsers by what they measured. All comparisons are ratios of geometric means, so that a
 * slow model does not drown the quick ones, and paired: within one model, and within one backend
 * unless said otherwise.
 *
 * <pre>log ratio(a, b) = mean over models m of [ mean log t(m, b) − mean log t(m, a) ]</pre>
 *
 * Its interval is Student's over the models; for one model alone it is Welch's over its attempts.
 */
final class Affinities {
  /** A measurement that teaches speed. */
  record Speed(
      Instant at,
      ModelFamily family,
      String model,
      Place place,
      boolean software,
      double meanMillis) {}

  /** Where it ran. */
  record Place(BrowserKind kind, Backend backend) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return Comparator.comparing(Place::kind).thenComparing(Place::backend).compare(this, other);
    }
  }

  /** At so many moments of the past the best one is worked out again, to see when it changed. */
  private static final int MOMENTS = 1_000;

  private Affinities() {}

  /** Families first, each followed by its models. Speeds are given oldest first. */
  static List<Affinity> of(List<Speed> speeds, List<Prior> priors) {
    record Scope(ModelFamily family, boolean software) {}
    Map<Scope, List<Speed>> scopes =
        new TreeMap<>(Comparator.comparing(Scope::family).thenComparing(Scope::software));
    for (Speed speed : speeds) {
      scopes
          .computeIfAbsent(new Scope(speed.family(), speed.software()), scope -> new ArrayList<>())
          .add(speed);
    }
    List<Affinity> affinities = new ArrayList<>();
    scopes.forEach((scope, ofFamily) -> {
      affinities.add(affinity(scope.family(), null, scope.software(), ofFamily, priors));
      Map<String, List<Speed>> models = new TreeMap<>();
      for (Speed speed : ofFamily) {
        models.computeIfAbsent(speed.model(), model -> new ArrayList<>()).add(speed);
      }
      models.forEach((model, ofModel) ->
          affinities.add(affinity(scope.family(), model, scope.software(), ofModel, priors)));
    });
    return affinities;
  }

  private static Affinity affinity(
      ModelFamily family,
      @Nullable String model,
      boolean software,
      List<Speed> speeds,
      List<Prior> priors) {
    Table table = new Table();
    speeds.forEach(table::add);
    List<Affinity.Cell> cells = new ArrayList<>();
    for (Place place : table.places()) {
      cells.add(
          new Affinity.Cell(
              place.kind(),
              place.backend(),
              table.models(place),
              table.count(place),
              table.mean(place),
              table.ratio(List.of(place), other -> isOtherKindOn(place, other))));
    }
    return new Affinity(
        family,
        Optional.ofNullable(model),
        software,
        cells,
        best(table, speeds),
        checks(family, table, priors));
  }

  private static boolean isOtherKindOn(Place place, Place other) {
    return other.backend().equals(place.backend()) && !other.kind().equals(place.kind());
  }

  private static List<Affinity.PriorCheck> checks(
      ModelFamily family, Table table, List<Prior> priors) {
    return table.places().stream()
        .map(Place::kind)
        .distinct()
        .filter(kind -> Prior.advantage(priors, family, kind) != 1)
        .map(kind -> {
          double advantage = Prior.advantage(priors, family, kind);
          Optional<Estimate> measured =
              table.ratio(
                  table.places().stream().filter(place -> place.kind().equals(kind)).toList(),
                  other -> Prior.advantage(priors, family, other.kind()) < advantage);
          return new Affinity.PriorCheck(kind, advantage, measured, agreement(measured));
        })
        .toList();
  }

  private static Affinity.Agreement agreement(Optional<Estimate> measured) {
    if (measured.isPresent() && measured.get().low95().orElse(0) > 1) {
      return Affinity.Agreement.AGREES;
    }
    if (measured.isPresent() && measured.get().high95().orElse(Double.POSITIVE_INFINITY) < 1) {
      return Affinity.Agreement.DISAGREES;
    }
    return Affinity.Agreement.UNDECIDED;
  }

  private static Optional<Affinity.Best> best(Table table, List<Speed> speeds) {
    List<Place> ranking = table.ranking();
    if (ranking.size() < 2) {
      return Optional.empty();
    }
    Place best = ranking.getFirst();
    Place second = ranking.get(1);
    return Optional.of(
        new Affinity.Best(
            best.kind(), best.backend(), table.lead(best, second), bestSince(best, speeds)));
  }

  private static Instant bestSince(Place best, List<Speed> speeds) {
    Table past = new Table();
    int stride = Math.max(1, speeds.size() / MOMENTS);
    Instant since = speeds.getLast().at();
    boolean was = false;
    for (int i = 0; i < speeds.size(); i++) {
      past.add(speeds.get(i));
      if (i % stride == 0 || i == speeds.size() - 1) {
        List<Place> ranking = past.ranking();
        boolean is = !ranking.isEmpty() && ranking.getFirst().equals(best);
        if (is && !was) {
          since = speeds.get(i).at();
        }
        was = is;
      }
    }
    return since;
  }

  /** Sums of the logarithms of one model's times at one place. */
  private static final class Sums {
    private long n;
    private double mean;
    private double squares;
    private double arithmeticMean;
    private double arithmeticSquares;

    // Welford 1962: no cancellation where times hardly differ.
    void add(double millis) {
      n++;
      double log = Math.log(millis);
      double step = log - mean;
      mean += step / n;
      squares += step * (log - mean);
      double plain = millis - arithmeticMean;
      arithmeticMean += plain / n;
      arithmeticSquares += plain * (millis - arithmeticMean);
    }

    /** Variance of the mean; NaN for one value. */
    double meanVariance() {
      return squares / (n - 1) / n;
    }

    Estimate plain() {
      if (n < 2) {
        return Estimate.of(arithmeticMean);
      }
      double half = t95(n - 1.0) * Math.sqrt(arithmeticSquares / (n - 1) / n);
      return Estimate.of(arithmeticMean, arithmeticMean - half, arithmeticMean + half);
    }
  }

  /** A weighted sum of independent means: a difference of logarithms with its uncertainty. */
  private static final class Contrast {
    private double value;
    private double variance;
    private double satterthwaite;

    void add(double weight, Sums sums) {
      value += weight * sums.mean;
      double part = weight * weight * sums.meanVariance();
      variance += part;
      satterthwaite += part * part / (sums.n - 1);
    }

    Estimate ratio() {
      if (Double.isNaN(variance)) {
        return Estimate.of(Math.exp(value));
      }
      double half =
          variance == 0 ? 0 : t95(variance * variance / satterthwaite) * Math.sqrt(variance);
      return Estimate.of(Math.exp(value), Math.exp(value - half), Math.exp(value + half));
    }
  }

  /** Models × places. */
  private static final class Table {
    private final Map<String, Map<Place, Sums>> rows = new LinkedHashMap<>();

    void add(Speed speed) {
      rows.computeIfAbsent(speed.model(), model -> new TreeMap<>())
          .computeIfAbsent(speed.place(), place -> new Sums())
          .add(speed.meanMillis());
    }

    List<Place> places() {
      return rows.values().stream()
          .flatMap(row -> row.keySet().stream())
          .distinct()
          .sorted()
          .toList();
    }

    int models(Place place) {
      return (int) rows.values().stream().filter(row -> row.containsKey(place)).count();
    }

    long count(Place place) {
      return rows.values().stream()
          .filter(row -> row.containsKey(place))
          .mapToLong(row -> row.get(place).n)
          .sum();
    }

    Estimate mean(Place place) {
      List<Sums> column =
          rows.values().stream()
              .filter(row -> row.containsKey(place))
              .map(row -> row.get(place))
              .toList();
      return column.size() == 1
          ? column.getFirst().plain()
          : geometric(column.stream().mapToDouble(sums -> sums.mean).toArray());
    }

    /**
     * Speed at some places ÷ speed at their rivals, each place against those rivals that have its
     * backend and its model.
     */
    Optional<Estimate> ratio(List<Place> places, Predicate<Place> rival) {
      List<Contrast> models = new ArrayList<>();
      for (Map<Place, Sums> row : rows.values()) {
        Map<Place, List<Place>> rivals = new LinkedHashMap<>();
        for (Place place : places) {
          List<Place> found =
              row.keySet().stream()
                  .filter(other -> isOtherKindOn(place, other) && rival.test(other))
                  .toList();
          if (row.containsKey(place) && !found.isEmpty()) {
            rivals.put(place, found);
          }
        }
        if (!rivals.isEmpty()) {
          Contrast contrast = new Contrast();
          rivals.forEach((place, others) -> {
            contrast.add(-1.0 / rivals.size(), sums(row, place));
            others.forEach(
                other -> contrast.add(1.0 / rivals.size() / others.size(), sums(row, other)));
          });
          models.add(contrast);
        }
      }
      return over(models);
    }

    /** Speed at one place ÷ speed at another, over the models that both have. */
    Optional<Estimate> lead(Place best, Place second) {
      List<Contrast> models = new ArrayList<>();
      for (Map<Place, Sums> row : rows.values()) {
        if (row.containsKey(best) && row.containsKey(second)) {
          Contrast contrast = new Contrast();
          contrast.add(-1, sums(row, best));
          contrast.add(1, sums(row, second));
          models.add(contrast);
        }
      }
      return over(models);
    }

    /**
     * Places that share a model with another one, fastest first: the effects of a least-squares fit
     * of log t = model + place, so that who ran only the slow models is not thought slow.
     */
    List<Place> ranking() {
      List<Map<Place, Sums>> shared = rows.values().stream().filter(row -> row.size() > 1).toList();
      Map<Place, Double> effects = new HashMap<>();
      shared.forEach(row -> row.keySet().forEach(place -> effects.put(place, 0.0)));
      for (int round = 0; round < (shared.size() > 1 ? 20 : 1); round++) {
        Map<Place, double[]> sums = new HashMap<>();
        for (Map<Place, Sums> row : shared) {
          double model =
              row.entrySet().stream()
                  .mapToDouble(
                      cell -> cell.getValue().mean - effects.getOrDefault(cell.getKey(), 0.0))
                  .average()
                  .orElse(0);
          row.forEach((place, cell) -> {
            double[] sum = sums.computeIfAbsent(place, any -> new double[2]);
            sum[0] += cell.mean - model;
            sum[1]++;
          });
        }
        sums.forEach((place, sum) -> effects.put(place, sum[0] / sum[1]));
      }
      return effects.entrySet().stream()
          .sorted(
              Map.Entry.<Place, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
          .map(Map.Entry::getKey)
          .toList();
    }

    private static Sums sums(Map<Place, Sums> row, Place place) {
      Sums sums = row.get(place);
      if (sums == null) {
        throw new IllegalStateException("%s was not measured".formatted(place));
      }
      return sums;
    }

    private static Optional<Estimate> over(List<Contrast> models) {
      return switch (models.size()) {
        case 0 -> Optional.empty();
        case 1 -> Optional.of(models.getFirst().ratio());
        default ->
            Optional.of(geometric(models.stream().mapToDouble(model -> model.value).toArray()));
      };
    }

    private static Estimate geometric(double[] logs) {
      Summary summary = Summary.of(logs);
      return Estimate.of(
          Math.exp(summary.mean()), Math.exp(summary.low95()), Math.exp(summary.high95()));
    }
  }

  private static double t95(double degrees) {
    return new TDistribution(degrees).inverseCumulativeProbability(0.975);
  }
}
