package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.Cell;
import dev.ballast.cli.report.Units;
import dev.ballast.model.BrowserInstance;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A part of the page, and what its parts have in common. Everything from outside is escaped. */
abstract class HtmlSection {
  final ReportView view;
  final StringBuilder out;

  HtmlSection(ReportView view, StringBuilder out) {
    this.view = view;
    this.out = out;
  }

  /** Appends it; nothing where there is nothing to tell. */
  abstract void write();

  final void section(String id, String title, String note) {
    out.append(
        "<section id=\"%s\" aria-labelledby=\"%s-h\"><h2 id=\"%s-h\">%s</h2>\n"
            .formatted(id, id, id, title));
    if (!note.isEmpty()) {
      out.append("<p class=\"note\">").append(note).append("</p>\n");
    }
  }

  final void entry(String label, String value) {
    if (!value.isEmpty()) {
      out.append("<dt>%s</dt><dd>%s</dd>".formatted(escape(label), escape(value)));
    }
  }

  final void axis(List<Double> ticks, Scale scale, String unit) {
    out.append("<svg height=\"20\" aria-hidden=\"true\">");
    for (int i = 0; i < ticks.size(); i++) {
      double percent = scale.percent(ticks.get(i));
      String anchor = percent < 4 ? "start" : percent > 95 ? "end" : "middle";
      double value = unit.equals("s") ? ticks.get(i) / 1000 : ticks.get(i);
      String space = unit.equals("×") ? "" : " ";
      out.append(
          "<text x=\"%s\" y=\"14\" text-anchor=\"%s\">%s%s</text>"
              .formatted(
                  Scale.percentage(percent),
                  anchor,
                  plain(value),
                  i == ticks.size() - 1 || unit.equals("×") ? space + unit : ""));
    }
    out.append("</svg>");
  }

  final void verticalLine(String style, String x, int from, int to) {
    out.append(
        "<line class=\"%s\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>"
            .formatted(style, x, x, from, to));
  }

  static String interval(Cell cell) {
    return cell.typical()
        .map(typical -> Units.millisRange(typical.low95(), typical.high95()))
        .orElse("–");
  }

  final int colour(String kind) {
    return view.colour(kind);
  }

  static String kind(Cell cell) {
    BrowserInstance browser = cell.attempts().getFirst().browser();
    return browser == null ? "" : browser.kind().name();
  }

  static String distinct(List<@Nullable String> values) {
    return values.stream().filter(Objects::nonNull).distinct().collect(Collectors.joining(", "));
  }

  /** The shortest way to write a round number. */
  private static String plain(double value) {
    return java.math.BigDecimal.valueOf(value)
        .round(new java.math.MathContext(6))
        .stripTrailingZeros()
        .toPlainString();
  }
}
