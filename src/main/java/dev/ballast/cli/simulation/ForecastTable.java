package dev.ballast.cli.simulation;

import dev.ballast.simulate.forecast.Evaluation.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How good forecasts were, for people; the last line says it all. */
public final class ForecastTable {
  private static final double LOWEST = 0.88;
  private static final double HIGHEST = 0.92;

  private ForecastTable() {}

  /** Numbered series of one kind share a line. */
  public static String of(String title, List<Finding> findings) {
    Map<String, List<Finding>> kinds = new LinkedHashMap<>();
    for (Finding finding : findings) {
      kinds
          .computeIfAbsent(
              finding.name().replaceAll(" \\d+$", ""), _ -> new java.util.ArrayList<>())
          .add(finding);
    }
    StringBuilder text = new StringBuilder(title + "\n\n");
    text.append(
        "%-20s %7s %7s %14s %10s %10s %9s%n"
            .formatted("series", "number", "season", "÷ seasonal", "÷ Holt-", "90 %", "forecast"));
    text.append(
        "%-20s %7s %7s %14s %10s %10s %9s%n"
            .formatted("", "", "ticks", "naive", "Winters", "covers", "trusted"));
    kinds.forEach((kind, of) ->
        text.append(
            "%-20s %7d %7d %14.2f %10.2f %9.1f%% %8.0f%%%n"
                .formatted(
                    kind,
                    of.size(),
                    of.getFirst().period(),
                    mean(of, finding -> finding.ours() / finding.seasonalNaive()),
                    mean(of, finding -> finding.ours() / finding.holtWinters()),
                    100 * mean(of, Finding::coverageRatio),
                    100 * mean(of, Finding::trustedRatio))));
    long best = findings.stream().filter(Finding::best).count();
    long within =
        findings.stream()
            .filter(
                finding -> finding.coverageRatio() >= LOWEST && finding.coverageRatio() <= HIGHEST)
            .count();
    return text.append(
            "%nless pinball loss than both on %d of %d series (%.0f %%; aim: 80 %%); the 90 %% interval"
                    .formatted(best, findings.size(), 100.0 * best / findings.size())
                + " covers %.1f %% (aim: 88–92 %%; so on %d of %d series)%n"
                    .formatted(
                        100 * mean(findings, Finding::coverageRatio), within, findings.size()))
        .toString();
  }

  private static double mean(
      List<Finding> findings, java.util.function.ToDoubleFunction<Finding> figure) {
    return findings.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }
}
