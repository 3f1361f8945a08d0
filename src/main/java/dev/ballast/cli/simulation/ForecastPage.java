package dev.ballast.cli.simulation;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.balancer.forecast.Quantiles;
import dev.ballast.simulate.forecast.Evaluation.Finding;
import dev.ballast.simulate.forecast.Evaluation.Said;
import dev.ballast.simulate.scaling.ScalingCurve;
import dev.ballast.simulate.scaling.ScalingCurve.Point;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Pictures of forecasts and of what scaling by them costs, as pages that need nothing else, see
 * {@link Page}.
 */
public final class ForecastPage {
  /** Fans beyond this many are no picture any more: one of each kind comes first. */
  private static final int MOST_FANS = 10;

  private static final int TICKS = 200;

  private ForecastPage() {}

  /** What was said of each tick six ticks before, and what it brought. */
  public static String of(String title, List<Finding> findings) {
    Map<String, Finding> kinds = new LinkedHashMap<>();
    findings.forEach(
        finding -> kinds.putIfAbsent(finding.name().replaceAll(" \\d+$", ""), finding));
    StringBuilder out = new StringBuilder();
    kinds.values().stream()
        .limit(MOST_FANS)
        .forEach(finding -> out.append(section(finding.name(), fan(finding))));
    return Page.of(
        "Forecasts",
        title,
        "<section><p class=\"note\">What was said of each tick six ticks before: the median, the"
            + " central 50 and 90 %; the points are what it brought.</p></section>\n"
            + out);
  }

  /** What was said and what it brought; nothing if nothing was said. */
  static String fan(Finding finding) {
    List<Said> said =
        finding.fan().subList(Math.max(0, finding.fan().size() - TICKS), finding.fan().size());
    if (said.isEmpty()) {
      return "";
    }
    double most =
        said.stream()
            .mapToDouble(tick -> Math.max(tick.count(), tick.forecast().at(0.95)))
            .max()
            .orElse(1);
    Plot plot =
        new Plot("Forecast of " + finding.name(), Plot.WIDTH, 240, 60, 26)
            .x(said.getFirst().tick(), said.getLast().tick(), false)
            .y(0, most);
    plot.xTicks("");
    plot.yTicks("");
    plot.band("fan wide", band(said, 0.05), band(said, 0.95));
    plot.band("fan narrow", band(said, 0.25), band(said, 0.75));
    plot.path("line k0 ours", band(said, 0.5));
    for (Said tick : said) {
      plot.dot("seen", plot.atX(tick.tick()), plot.atY(tick.count()));
    }
    return "<p class=\"note\">90 %% interval covers %.1f %%; pinball loss %s (seasonal-naive %s, Holt-Winters %s)</p>%s"
        .formatted(
            100 * finding.coverageRatio(),
            Figures.shown(finding.ours()),
            Figures.shown(finding.seasonalNaive()),
            Figures.shown(finding.holtWinters()),
            plot.done());
  }

  private static String section(String title, String content) {
    return content.isEmpty()
        ? ""
        : "<section><h2>%s</h2>%s</section>%n".formatted(escape(title), content);
  }

  private static double[][] band(List<Said> said, double level) {
    ToDoubleFunction<Quantiles> at = quantiles -> quantiles.at(level);
    return said.stream()
        .map(tick -> new double[] {tick.tick(), at.applyAsDouble(tick.forecast())})
        .toArray(double[][]::new);
  }

  /** Cost against waits, by workload. */
  public static String scaling(String title, Map<String, List<Point>> curves) {
    StringBuilder out = new StringBuilder();
    curves.forEach((workload, points) -> out.append(section(workload, curve(workload, points))));
    return Page.of("Scaling", title, out.toString());
  }

  /** Cost against waits, of one workload. */
  static String curve(String workload, List<Point> points) {
    Map<String, List<Point>> rules = new LinkedHashMap<>();
    double leastHours = Double.POSITIVE_INFINITY;
    double hours = 0;
    double wait = 0;
    for (Point point : points) {
      rules.computeIfAbsent(point.rule(), _ -> new java.util.ArrayList<>()).add(point);
      leastHours = Math.min(leastHours, point.workerHours().mean());
      hours = Math.max(hours, point.workerHours().mean());
      wait = Math.max(wait, point.p95WaitSeconds().mean());
    }
    Plot plot =
        new Plot("Cost and waits on " + workload, Plot.WIDTH, 340, 70, 26)
            .x(leastHours * 0.95, hours * 1.05, false)
            .y(0, wait * 1.05);
    plot.xTicks(" h");
    plot.yTicks(" s");
    StringBuilder legend = new StringBuilder("<ul class=\"legend\">");
    int kind = 0;
    for (Map.Entry<String, List<Point>> rule : rules.entrySet()) {
      double[][] line =
          rule.getValue().stream()
              .sorted(Comparator.comparingDouble(point -> point.workerHours().mean()))
              .map(
                  point -> new double[] {point.workerHours().mean(), point.p95WaitSeconds().mean()})
              .toArray(double[][]::new);
      String style = "k" + kind++;
      boolean ours = rule.getKey().equals(ScalingCurve.OURS);
      plot.path("line %s%s".formatted(style, ours ? " ours" : ""), line);
      for (double[] point : line) {
        plot.point("point " + style, plot.atX(point[0]), plot.atY(point[1]));
      }
      legend.append("<li class=\"kind %s\">%s</li>".formatted(style, escape(rule.getKey())));
    }
    return "<p class=\"note\">Cost in worker-hours against the 95th percentile of the waits; each point is a setting of the rule's knob. Low and left is better.</p>%s%s</ul>"
        .formatted(plot.done(), legend);
  }
}
