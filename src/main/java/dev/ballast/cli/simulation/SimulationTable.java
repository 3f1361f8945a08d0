package dev.ballast.cli.simulation;

import dev.ballast.simulate.Interval;
import dev.ballast.simulate.Policies;
import dev.ballast.simulate.Results;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The figures for people: what each policy reached, then ours beside each other one. */
public final class SimulationTable {
  private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("makespanSeconds", "makespan s");
    COLUMNS.put("makespanToBound", "÷ bound");
    COLUMNS.put("meanSojournSeconds", "sojourn s");
    COLUMNS.put("p99WaitSeconds", "p99 wait s");
    COLUMNS.put("capabilityUtilization", "capability");
    COLUMNS.put("matchedBackendRatio", "best backend");
    COLUMNS.put("modelLoads", "loads");
    COLUMNS.put("migrationsPerTask", "migrations");
    COLUMNS.put("recoverySeconds", "recovery s");
    COLUMNS.put("releaseExcess10To30", "excess 10–30");
    COLUMNS.put("releaseExcess30To60", "30–60");
    COLUMNS.put("failed", "failed");
    COLUMNS.put("lost", "lost");
    COLUMNS.put("decisionMicros", "decision µs");
  }

  private static final List<String> RATIOS =
      List.of("makespanSeconds", "meanSojournSeconds", "p99WaitSeconds", "modelLoads");

  private SimulationTable() {}

  public static String of(Results results) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s, simulated: seed %d, %d %s, times %s%n"
            .formatted(
                results.experiment().source().name(),
                results.experiment().seed(),
                results.replications(),
                results.replications() == 1 ? "replication" : "replications",
                results.experiment().knownTimes() ? "known" : "learned"));
    text.append(
        "no policy can beat: makespan %s s, mean sojourn %s s%n%n"
            .formatted(
                Figures.shown(results.lowerMakespanSeconds()),
                Figures.shown(results.lowerMeanSojournSeconds())));
    List<List<String>> rows = new ArrayList<>();
    List<String> shown =
        COLUMNS.keySet().stream()
            .filter(results.metrics()::contains)
            .filter(metric -> !metric.equals("failed") || any(results, metric))
            .filter(metric -> !metric.equals("migrationsPerTask") || any(results, metric))
            .toList();
    List<String> header = new ArrayList<>(List.of("policy"));
    shown.forEach(metric -> header.add(COLUMNS.getOrDefault(metric, metric)));
    rows.add(header);
    for (String policy : results.policies()) {
      List<String> row = new ArrayList<>(List.of(policy));
      shown.forEach(metric -> row.add(cell(results.metric(policy, metric))));
      rows.add(row);
    }
    Grid.append(text, rows);
    if (results.policies().contains(Policies.OURS) && results.policies().size() > 1) {
      text.append("\n%s ÷ other, paired, with 95 %% intervals%n".formatted(Policies.OURS));
      Grid.append(text, ratios(results));
    }
    return text.toString();
  }

  private static boolean any(Results results, String metric) {
    return results.policies().stream()
        .flatMap(policy -> results.metric(policy, metric).stream())
        .anyMatch(interval -> interval.mean() > 0);
  }

  private static List<List<String>> ratios(Results results) {
    List<List<String>> rows = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("÷"));
    RATIOS.forEach(metric -> header.add(COLUMNS.getOrDefault(metric, metric).replace(" s", "")));
    rows.add(header);
    for (String policy : results.policies()) {
      if (!policy.equals(Policies.OURS)) {
        List<String> row = new ArrayList<>(List.of(policy));
        for (String metric : RATIOS) {
          row.add(
              results
                  .ratio(Policies.OURS, policy, metric)
                  .map(ratio ->
                      Figures.shown(ratio.mean())
                          + (Double.isFinite(ratio.low95())
                              ? " [%s, %s]"
                                  .formatted(
                                      Figures.shown(ratio.low95()), Figures.shown(ratio.high95()))
                              : ""))
                  .orElse(""));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static String cell(Optional<Interval> interval) {
    return interval
        .map(figure ->
            Figures.shown(figure.mean())
                + (Double.isFinite(figure.low95()) && figure.high95() > figure.mean()
                    ? " ±" + Figures.shown(figure.high95() - figure.mean())
                    : ""))
        .orElse("");
  }

  /** Columns, the first to the left, the others to the right. */
  static final class Grid {
    private Grid() {}

    static void append(StringBuilder text, List<List<String>> rows) {
      int columns = rows.getFirst().size();
      int[] width = new int[columns];
      for (List<String> row : rows) {
        for (int i = 0; i < columns; i++) {
          width[i] = Math.max(width[i], row.get(i).length());
        }
      }
      for (List<String> row : rows) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns; i++) {
          String cell = row.get(i);
          String padding = " ".repeat(width[i] - cell.length());
          line.append(i == 0 ? cell + padding : "  " + padding + cell);
        }
        text.append(line.toString().stripTrailing()).append('\n');
      }
    }
  }
}
