package dev.ballast.cli.report.html;

import dev.ballast.cli.report.Cell;
import dev.ballast.cli.report.ReportData;
import dev.ballast.model.AttemptResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the sections of the page look at. */
record ReportView(ReportData data, List<AttemptResult> results, List<Cell> cells) {

  static ReportView of(ReportData data) {
    List<AttemptResult> results = data.results();
    return new ReportView(data, results, Cell.of(results));
  }

  Map<String, List<Cell>> byModel() {
    return cells.stream()
        .collect(Collectors.groupingBy(Cell::model, LinkedHashMap::new, Collectors.toList()));
  }

  /** Kinds keep their colour from report to report; one that nobody has heard of is grey. */
  int colour(String kind) {
    return switch (kind) {
      case "chromium" -> 0;
      case "firefox" -> 1;
      case "edge" -> 2;
      case "chrome" -> 3;
      case "safari", "webkit" -> 4;
      default -> 5;
    };
  }
}
