package dev.ballast.store.affinity;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Measured times by model and place. */
final class SpeedTable {
  private static final int ROUNDS = 20;

  private final Map<String, Map<Place, LogTimes>> rows = new LinkedHashMap<>();

  void add(Speed speed) {
    rows.computeIfAbsent(speed.model(), model -> new TreeMap<>())
        .computeIfAbsent(speed.place(), place -> new LogTimes())
        .add(speed.millis(), speed.flagged());
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

  /** Its time there; over several models the geometric mean. */
  Contrast time(Place place) {
    List<LogTimes> column =
        rows.values().stream()
            .flatMap(row -> Optional.ofNullable(row.get(place)).stream())
            .toList();
    Contrast time = new Contrast();
    column.forEach(times -> time.add(1.0 / column.size(), times));
    return time;
  }

  /** Speed at one place ÷ speed at another, model by model, over those that both have. */
  List<Contrast> ratios(Place place, Place other) {
    return rows.values().stream()
        .filter(row -> row.containsKey(place) && row.containsKey(other))
        .map(row -> new Contrast().add(-1, at(row, place)).add(1, at(row, other)))
        .toList();
  }

  /**
   * Speed at some places ÷ speed at their rivals, model by model; each place against the mean of
   * those rivals that ran the model with the same backend.
   */
  List<Contrast> ratios(List<Place> places, Predicate<Place> rival) {
    return rows.values().stream().flatMap(row -> ratio(row, places, rival).stream()).toList();
  }

  private static Optional<Contrast> ratio(
      Map<Place, LogTimes> row, List<Place> places, Predicate<Place> rival) {
    Map<Place, List<Place>> rivals = new LinkedHashMap<>();
    for (Place place : places) {
      List<Place> found =
          row.keySet().stream()
              .filter(other -> other.backend().equals(place.backend()))
              .filter(other -> !other.kind().equals(place.kind()))
              .filter(rival)
              .toList();
      if (row.containsKey(place) && !found.isEmpty()) {
        rivals.put(place, found);
      }
    }
    Contrast ratio = new Contrast();
    rivals.forEach((place, others) -> {
      ratio.add(-1.0 / rivals.size(), at(row, place));
      others.forEach(other -> ratio.add(1.0 / rivals.size() / others.size(), at(row, other)));
    });
    return rivals.isEmpty() ? Optional.empty() : Optional.of(ratio);
  }

  /**
   * The fastest first: the effects of a least-squares fit of log t = model + place over the models
   * that at least two places ran, so that who ran only the slow models is not thought slow. A place
   * that ran fewer than half of the models comes after the others, one that shares none last.
   */
  List<Place> ranking() {
    Map<Place, Double> effects = effects();
    return places().stream()
        .sorted(
            Comparator.comparing((Place place) -> !effects.containsKey(place))
                .thenComparing(place -> 2 * models(place) < rows.size())
                .thenComparing(place -> effects.getOrDefault(place, 0.0))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private Map<Place, Double> effects() {
    List<Map<Place, LogTimes>> shared =
        rows.values().stream().filter(row -> row.size() > 1).toList();
    Map<Place, Double> effects = new HashMap<>();
    for (int round = 0; round < (shared.size() > 1 ? ROUNDS : 1); round++) {
      Map<Place, double[]> sums = new HashMap<>();
      for (Map<Place, LogTimes> row : shared) {
        double model =
            row.entrySet().stream()
                .mapToDouble(
                    cell -> cell.getValue().mean() - effects.getOrDefault(cell.getKey(), 0.0))
                .average()
                .orElse(0);
        row.forEach((place, cell) -> {
          double[] sum = sums.computeIfAbsent(place, any -> new double[2]);
          sum[0] += cell.mean() - model;
          sum[1]++;
        });
      }
      sums.forEach((place, sum) -> effects.put(place, sum[0] / sum[1]));
    }
    return effects;
  }

  private static LogTimes at(Map<Place, LogTimes> row, Place place) {
    LogTimes times = row.get(place);
    if (times == null) {
      throw new IllegalStateException("%s was not measured".formatted(place));
    }
    return times;
  }
}
