package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.Cell;
import dev.ballast.cli.report.Phase;
import dev.ballast.cli.report.Units;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the time of an attempt went. */
final class PhaseSection extends HtmlSection {
  PhaseSection(ReportView view, StringBuilder out) {
    super(view, out);
  }

  @Override
  void write() {
    List<Cell> timed = view.cells().stream().filter(cell -> !cell.phases().isEmpty()).toList();
    if (timed.isEmpty()) {
      return;
    }
    section(
        "phases",
        "Where the time went",
        "From the placement of a task to its end, as shares of the mean over repetitions; time in"
            + " the queue is left out, because it tells of the other tasks.");
    out.append("<ul class=\"legend\">");
    for (Phase phase : Phase.values()) {
      if (phase != Phase.QUEUE
          && timed.stream().anyMatch(cell -> cell.phases().getOrDefault(phase, 0.0) > 0)) {
        out.append("<li class=\"p%d\">%s</li>".formatted(index(phase), escape(phase.label())));
      }
    }
    out.append("</ul>\n");
    String model = null;
    for (Cell cell : timed) {
      if (!cell.model().equals(model)) {
        out.append(model == null ? "" : "</div>\n");
        model = cell.model();
        out.append("<div class=\"chart\"><h3>%s</h3>\n".formatted(escape(model)));
      }
      phaseRow(cell);
    }
    out.append("</div></section>\n");
  }

  private void phaseRow(Cell cell) {
    Map<Phase, Double> parts = cell.phases();
    parts.remove(Phase.QUEUE);
    double total = parts.values().stream().mapToDouble(Double::doubleValue).sum();
    String spoken =
        parts.entrySet().stream()
            .filter(part -> part.getValue() > 0.01 * total)
            .map(part -> part.getKey().label() + " " + Units.millis(part.getValue()))
            .collect(Collectors.joining(", "));
    out.append(
        "<div class=\"row phases\"><div class=\"label k%d\"><span class=\"kind\">%s</span> <small>%s</small></div><div class=\"plot\"><svg height=\"18\" role=\"img\" aria-label=\"%s\">"
            .formatted(
                colour(kind(cell)),
                escape(cell.browser()),
                escape(cell.backend()),
                escape(spoken)));
    double x = 0;
    for (Map.Entry<Phase, Double> part : parts.entrySet()) {
      double width = total > 0 ? 100 * part.getValue() / total : 0;
      if (width > 0) {
        out.append(
            "<rect class=\"bar p%d\" x=\"%s\" width=\"%s\" y=\"1\" height=\"16\"><title>%s: %s</title></rect>"
                .formatted(
                    index(part.getKey()),
                    Scale.percentage(x),
                    Scale.percentage(width),
                    escape(part.getKey().label()),
                    escape(Units.millis(part.getValue()))));
        x += width;
      }
    }
    out.append(
        "</svg></div><span class=\"value\">%s</span></div>\n"
            .formatted(escape(Units.millis(total))));
  }

  private static int index(Phase phase) {
    return Arrays.asList(Phase.values()).indexOf(phase);
  }
}
