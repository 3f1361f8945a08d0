package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.Cell;
import dev.ballast.cli.report.Units;

/** The table: one line for each model, backend and browser. */
final class ResultsSection extends HtmlSection {
  ResultsSection(ReportView view, StringBuilder out) {
    super(view, out);
  }

  @Override
  void write() {
    if (view.cells().isEmpty()) {
      return;
    }
    section(
        "results",
        "Results",
        "One line for each model, backend and browser. The interval is that of the typical time:"
            + " over the repetitions' medians where there are several, else of the median of the"
            + " samples. Load is what a cold start costs: fetching, compiling, first run.");
    out.append(
        """
        <div class="scroll" tabindex="0" role="region" aria-label="Results"><table class="results">
        <thead><tr><th scope="col">Browser</th><th scope="col">Backend</th><th scope="col" class="num">Runs</th>\
        <th scope="col" class="num">Samples</th><th scope="col" class="num">p50</th><th scope="col" class="num">p95</th>\
        <th scope="col" class="num">95 % interval</th><th scope="col" class="num">Load</th>\
        <th scope="col" class="num">Memory</th><th scope="col">Verdict</th></tr></thead>
        """);
    view.byModel()
        .forEach((model, group) -> {
          out.append(
              "<tbody><tr><th class=\"group\" colspan=\"10\" scope=\"rowgroup\">%s<span class=\"family\">%s</span></th></tr>\n"
                  .formatted(escape(model), escape(group.getFirst().family().label())));
          group.forEach(this::tableRow);
          out.append("</tbody>\n");
        });
    out.append("</table></div></section>\n");
  }

  private void tableRow(Cell cell) {
    out.append(
        "<tr class=\"cell\"><td class=\"two k%d\"><span class=\"kind\">%s</span></td><td>%s</td>"
            .formatted(colour(kind(cell)), escape(cell.browser()), escape(cell.backend())));
    number("Runs", Integer.toString(cell.attempts().size()));
    number("Samples", Integer.toString(cell.n()));
    number("p50", Units.millis(cell.quantile(0.5)));
    number("p95", Units.millis(cell.quantile(0.95)));
    number("95 % interval", interval(cell));
    number("Load", Units.millis(cell.loadMillis()));
    number("Memory", Units.bytes(cell.memoryBytes()));
    String reasons = String.join(", ", cell.reasonLabels());
    out.append(
        "<td class=\"wide\"><span class=\"tag %s\">%s</span>%s</td></tr>\n"
            .formatted(
                cell.level().label(),
                cell.level().label(),
                reasons.isEmpty()
                    ? ""
                    : "<span class=\"reasons\">%s</span>".formatted(escape(reasons))));
  }

  private void number(String label, String value) {
    // On a small screen the figures that matter come first.
    String place =
        switch (label) {
          case "Runs", "Samples" -> " later";
          case "95 % interval" -> " two";
          default -> "";
        };
    out.append(
        "<td class=\"num%s\" data-label=\"%s\">%s</td>".formatted(place, label, escape(value)));
  }
}
