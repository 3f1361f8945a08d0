package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.Cell;
import dev.ballast.cli.report.Units;
import dev.ballast.model.MeanInterval;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Every sample, as far as there is room. */
final class DistributionSection extends HtmlSection {
  /** More samples of one cell than this are thinned out evenly, by rank. */
  private static final int MAX_DOTS = 150;

  DistributionSection(ReportView view, StringBuilder out) {
    super(view, out);
  }

  @Override
  void write() {
    if (view.cells().isEmpty()) {
      return;
    }
    section(
        "distributions",
        "Distributions",
        "Dots are samples (at most %d of a line are drawn), the box holds the middle half with the median as its line, the solid bar below is the 95 %% interval of the median. Shorter is to the left; the few samples beyond the axis are counted at its end."
            .formatted(MAX_DOTS));
    view.byModel().forEach(this::distribution);
    out.append("</section>\n");
  }

  private void distribution(String model, List<Cell> group) {
    List<Cell> sampled = group.stream().filter(cell -> cell.n() > 0).toList();
    if (sampled.isEmpty()) {
      return;
    }
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (Cell cell : sampled) {
      double[] samples = cell.samples();
      low = Math.min(low, Arrays.stream(samples).filter(s -> s > 0).min().orElse(low));
      high = Math.max(high, shown(cell, samples));
    }
    Scale scale = Scale.of(Double.isFinite(low) ? low : 1, Double.isFinite(high) ? high : 1);
    List<Double> ticks = scale.ticks(6);
    out.append(
        "<div class=\"chart\"><h3>%s<span class=\"family\">%s%s</span></h3>\n"
            .formatted(
                escape(model),
                escape(group.getFirst().family().label()),
                scale.logarithmic() ? ", logarithmic scale" : ""));
    for (Cell cell : sampled) {
      distributionRow(cell, scale, ticks);
    }
    out.append("<div class=\"row axis\"><span class=\"label\"></span><div class=\"plot\">");
    axis(ticks, scale, scale.low() >= 100 && scale.high() >= 2000 ? "s" : "ms");
    out.append("</div><span class=\"value\"></span></div></div>\n");
  }

  /**
   * How far the axis must reach for a cell: to its slowest sample, but not for the sake of a few
   * collections that would squeeze all the rest.
   */
  private static double shown(Cell cell, double[] sorted) {
    double median = cell.quantile(0.5).orElseThrow();
    double spread = cell.quantile(0.75).orElseThrow() - cell.quantile(0.25).orElseThrow();
    double usual = Math.max(median + 8 * spread, 1.2 * median);
    double high95 = cell.typical().map(MeanInterval::high95).orElse(0.0);
    return Math.max(Math.min(sorted[sorted.length - 1], usual), Math.min(high95, 3 * median));
  }

  private void distributionRow(Cell cell, Scale scale, List<Double> ticks) {
    double[] samples = cell.samples();
    String median = Units.millis(cell.quantile(0.5));
    out.append(
        "<div class=\"row k%d\"><div class=\"label\"><span class=\"kind\">%s</span> <small>%s</small></div><div class=\"plot\">"
            .formatted(colour(kind(cell)), escape(cell.browser()), escape(cell.backend())));
    out.append(
        "<svg height=\"44\" role=\"img\" aria-label=\"%s\">"
            .formatted(
                escape(
                    "%s on %s in %s: %d samples, median %s, 95 %% interval of the median %s"
                        .formatted(
                            cell.model(),
                            cell.backend(),
                            cell.browser(),
                            samples.length,
                            median,
                            interval(cell)))));
    for (double tick : ticks) {
      verticalLine("grid", scale.at(tick), 0, 44);
    }
    int dots = Math.min(MAX_DOTS, samples.length);
    for (int i = 0; i < dots; i++) {
      double sample = samples[(int) ((long) i * samples.length / dots)];
      if (sample > scale.high()) {
        continue;
      }
      // Golden-ratio steps spread neighbours apart, the same way every time.
      double y = 5 + 22 * (i * 0.6180339887 % 1);
      out.append(
          String.format(
              Locale.ROOT,
              "<circle class=\"dot\" cx=\"%s\" cy=\"%.1f\" r=\"2.2\"/>",
              scale.at(sample),
              y));
    }
    double left = scale.percent(cell.quantile(0.25).orElseThrow());
    double right = scale.percent(cell.quantile(0.75).orElseThrow());
    out.append(
        "<rect class=\"box\" x=\"%s\" width=\"%s\" y=\"4\" height=\"24\" rx=\"2\"/>"
            .formatted(Scale.percentage(left), Scale.percentage(Math.max(right - left, 0.15))));
    verticalLine("median", scale.at(cell.quantile(0.5).orElseThrow()), 2, 30);
    cell.typical()
        .ifPresent(typical -> {
          double from = scale.percent(typical.low95());
          double to = Math.max(scale.percent(typical.high95()), from + 0.3);
          out.append(
              "<line class=\"ci\" x1=\"%s\" x2=\"%s\" y1=\"37\" y2=\"37\"/>"
                  .formatted(Scale.percentage(from), Scale.percentage(to)));
        });
    long beyond = Arrays.stream(samples).filter(sample -> sample > scale.high()).count();
    if (beyond > 0) {
      out.append(
          "<svg x=\"100%\" y=\"11\" overflow=\"visible\"><path class=\"beyond\" d=\"M-5 0l5 5l-5"
              + " 5\"/></svg>");
    }
    out.append(
        "</svg></div><span class=\"value\">%s%s</span></div>\n"
            .formatted(
                escape(median),
                beyond == 0
                    ? ""
                    : "<small>%d more to %s</small>"
                        .formatted(beyond, escape(Units.millis(samples[samples.length - 1])))));
  }
}
