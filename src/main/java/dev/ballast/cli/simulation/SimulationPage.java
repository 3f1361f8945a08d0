package dev.ballast.cli.simulation;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.simulate.Interval;
import dev.ballast.simulate.Policies;
import dev.ballast.simulate.Results;
import dev.ballast.simulate.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A simulation as one page that needs nothing else: no network, no script. Its content security
 * policy forbids all but its own style sheet.
 */
public final class SimulationPage {
  private static final Map<String, String> COMPARED = new LinkedHashMap<>();

  static {
    COMPARED.put("makespanSeconds", "Makespan");
    COMPARED.put("meanSojournSeconds", "Mean sojourn");
    COMPARED.put("p99WaitSeconds", "p99 wait");
  }

  private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("makespanSeconds", "makespan, s");
    COLUMNS.put("makespanToBound", "÷ lower bound");
    COLUMNS.put("meanSojournSeconds", "mean sojourn, s");
    COLUMNS.put("p99WaitSeconds", "p99 wait, s");
    COLUMNS.put("capabilityUtilization", "capability");
    COLUMNS.put("modelLoads", "model loads");
    COLUMNS.put("migrationsPerTask", "migrations");
    COLUMNS.put("lost", "lost");
  }

  /** Lines beyond this many are no picture any more: the best few are drawn. */
  private static final int MOST_LINES = 6;

  private final Results results;
  private final Prospects prospects;
  private final StringBuilder out = new StringBuilder();

  private SimulationPage(Results results, Prospects prospects) {
    this.results = results;
    this.prospects = prospects;
  }

  public static String of(Results results, Prospects prospects) {
    return new SimulationPage(results, prospects).page();
  }

  private String page() {
    ratios();
    table();
    lines(
        "Work in the house",
        "Best possible service time of all waiting and running tasks, per slot; first replication.",
        Trace::load);
    lines(
        "Regret",
        "What tasks took on average more than in the browsers where they run best, summed as they"
            + " start; first replication. It flattens as the times are learned, and rises with"
            + " every task that better goes elsewhere because its favourite browsers are full.",
        Trace::regret);
    gantt();
    forecast();
    scaling();
    return Page.of(results.experiment().source().name(), about(), out.toString());
  }

  private String about() {
    return "seed %d · %d of %d replications · %s · no policy can beat: makespan %s s, mean sojourn %s s"
        .formatted(
            results.experiment().seed(),
            results.replications(),
            results.experiment().replications(),
            results.experiment().knownTimes() ? "times known" : "times learned",
            Figures.shown(results.lowerMakespanSeconds()),
            Figures.shown(results.lowerMeanSojournSeconds()));
  }

  private boolean ours() {
    return results.policies().contains(Policies.OURS);
  }

  private void ratios() {
    if (!ours() || results.policies().size() < 2) {
      return;
    }
    out.append(
        "<section><h2>%s ÷ the others</h2><p class=\"note\">Same arrivals, same noise; paired ratios"
                .formatted(Policies.OURS)
            + " with 95 % intervals. Left of 1 is better.</p><div class=\"columns\">\n");
    COMPARED.forEach((metric, title) -> {
      out.append("<div><h3>%s</h3>".formatted(title));
      forest(metric, title);
      out.append("</div>\n");
    });
    out.append("</div></section>\n");
  }

  private void forest(String metric, String title) {
    Map<String, Interval> rows = new LinkedHashMap<>();
    double low = 0.9;
    double high = 1.1;
    for (String policy : results.policies()) {
      Optional<Interval> ratio = results.ratio(Policies.OURS, policy, metric);
      if (!policy.equals(Policies.OURS) && ratio.isPresent()) {
        rows.put(policy, ratio.get());
        low = Math.min(low, low(ratio.get()));
        high = Math.max(high, high(ratio.get()));
      }
    }
    double height = 26.0 * rows.size() + 34;
    Plot plot =
        new Plot(title + ", ratios", 370, height, 132, 26)
            .x(Math.max(0.01, low * 0.9), Math.min(60, high * 1.1), true);
    plot.xTicks("");
    plot.line("unity", plot.atX(1), 4, plot.atX(1), height - 26);
    int row = 0;
    for (Map.Entry<String, Interval> entry : rows.entrySet()) {
      Interval ratio = entry.getValue();
      double y = 22 + 26.0 * row++;
      String style = high(ratio) < 1 ? "better" : low(ratio) > 1 ? "worse" : "open";
      plot.text("name end", 124, y + 4, entry.getKey());
      plot.line("range " + style, plot.atX(low(ratio)), y, plot.atX(high(ratio)), y);
      plot.point("point " + style, plot.atX(ratio.mean()), y);
    }
    out.append(plot.done());
  }

  private static double low(Interval ratio) {
    return Double.isFinite(ratio.low95()) ? ratio.low95() : ratio.mean();
  }

  private static double high(Interval ratio) {
    return Double.isFinite(ratio.high95()) ? ratio.high95() : ratio.mean();
  }

  private void table() {
    out.append(
        "<section><h2>What each policy reached</h2><p class=\"note\">Mean over replications ± half"
            + " of its 95 % interval.</p><div class=\"scroll\"><table><thead><tr><th>policy</th>");
    List<String> shown = COLUMNS.keySet().stream().filter(results.metrics()::contains).toList();
    shown.forEach(metric -> out.append("<th class=\"num\">%s</th>".formatted(COLUMNS.get(metric))));
    out.append("</tr></thead><tbody>\n");
    for (String policy : results.policies()) {
      out.append(policy.equals(Policies.OURS) ? "<tr class=\"ours\">" : "<tr>");
      out.append("<td>%s</td>".formatted(escape(policy)));
      for (String metric : shown) {
        out.append(
            "<td class=\"num\">%s</td>"
                .formatted(results.metric(policy, metric).map(SimulationPage::cell).orElse("")));
      }
      out.append("</tr>\n");
    }
    out.append("</tbody></table></div></section>\n");
  }

  private static String cell(Interval interval) {
    double half = interval.high95() - interval.mean();
    return Figures.shown(interval.mean()) + (half > 0 ? " ± " + Figures.shown(half) : "");
  }

  /** Ours first, then those that waited least. */
  private List<Trace> drawn() {
    return results.traces().stream()
        .sorted(
            java.util.Comparator.comparing((Trace trace) -> !trace.policy().equals(Policies.OURS))
                .thenComparing(trace ->
                    results
                        .metric(trace.policy(), "meanSojournSeconds")
                        .map(Interval::mean)
                        .orElse(Double.POSITIVE_INFINITY)))
        .limit(MOST_LINES)
        .toList();
  }

  private void lines(String title, String note, Function<Trace, double[][]> points) {
    List<Trace> traces = drawn();
    double end = 0;
    double most = 0;
    for (Trace trace : traces) {
      for (double[] point : points.apply(trace)) {
        end = Math.max(end, point[0]);
        most = Math.max(most, point[1]);
      }
    }
    if (end == 0) {
      return;
    }
    out.append(
        "<section><h2>%s</h2><p class=\"note\">%s%s</p>"
            .formatted(
                title,
                escape(note),
                results.traces().size() > traces.size()
                    ? " Drawn are the %d policies with the least mean sojourn."
                        .formatted(traces.size())
                    : ""));
    Plot plot = new Plot(title, Plot.WIDTH, 300, 60, 26).x(0, end, false).y(0, most);
    plot.xTicks(" s");
    plot.yTicks(" s");
    for (int i = traces.size() - 1; i >= 0; i--) {
      boolean ours = traces.get(i).policy().equals(Policies.OURS);
      plot.steps("line k%d%s".formatted(i, ours ? " ours" : ""), points.apply(traces.get(i)));
    }
    out.append(plot.done());
    out.append("<ul class=\"legend\">");
    for (int i = 0; i < traces.size(); i++) {
      out.append("<li class=\"kind k%d\">%s</li>".formatted(i, escape(traces.get(i).policy())));
    }
    out.append("</ul></section>\n");
  }

  private void gantt() {
    List<Trace> traces =
        drawn().stream().limit(2).filter(trace -> !trace.bars().isEmpty()).toList();
    if (traces.isEmpty()) {
      return;
    }
    double end =
        traces.stream()
            .flatMap(trace -> trace.bars().stream())
            .mapToDouble(Trace.Bar::to)
            .max()
            .orElse(1);
    out.append(
        "<section><h2>What ran where</h2><p class=\"note\">The beginning of the first replication"
            + " on some of the slots; colours are models, a dark head means that the model was"
            + " loaded first.</p>");
    for (Trace trace : traces) {
      out.append("<h3>%s</h3>".formatted(escape(trace.policy())));
      double height = 14.0 * trace.lanes().size() + 34;
      Plot plot =
          new Plot("Gantt of " + trace.policy(), Plot.WIDTH, height, 120, 26).x(0, end, false);
      plot.xTicks(" s");
      for (int lane = 0; lane < trace.lanes().size(); lane++) {
        plot.text("name end", 112, 14.0 * lane + 19, trace.lanes().get(lane));
      }
      for (Trace.Bar bar : trace.bars()) {
        double x = plot.atX(bar.from());
        double width = plot.atX(bar.to()) - x - 0.6;
        double y = 14.0 * bar.lane() + 9;
        String tip =
            "%s, %s–%s s%s"
                .formatted(
                    results.models().get(bar.model()),
                    Figures.shown(bar.from()),
                    Figures.shown(bar.to()),
                    bar.loaded() ? ", model loaded" : "");
        plot.box("", colour(bar.model()), x, y, width, 11, tip);
        if (bar.loaded()) {
          plot.box("loading", "", x, y, Math.min(3, width), 11, "");
        }
      }
      out.append(plot.done());
    }
    out.append("</section>\n");
  }

  private void forecast() {
    out.append(
        "<section><h2>Forecast of the arrivals</h2><p class=\"note\">%s</p>"
            .formatted(
                prospects.forecast().isEmpty()
                    ? escape(prospects.noForecast())
                    : "Tasks in ticks of %s s, first replication; the first half trains. What was said six ticks before: the median, the central 50 and 90 %%; the points are what came."
                        .formatted(Figures.shown(prospects.tickSeconds()))));
    prospects.forecast().ifPresent(finding -> out.append(ForecastPage.fan(finding)));
    out.append("</section>\n");
  }

  private void scaling() {
    out.append("<section><h2>Cost against waits</h2><p class=\"note\">");
    if (prospects.scaling().isEmpty()) {
      out.append("%s</p>".formatted(escape(prospects.noScaling())));
    } else {
      out.append(
          "The same arrivals on a fleet that each rule scales by its own knob, a point a setting; placed by %s, without disruptions; up to three times the browsers, each 20 s to come up.</p>%s"
              .formatted(
                  Policies.OURS,
                  ForecastPage.curve(results.experiment().source().name(), prospects.scaling())));
    }
    out.append("</section>\n");
  }

  /** Neighbours in number are far apart in hue. */
  private static String colour(int model) {
    return "hsl(%d,52%%,%d%%)".formatted(model * 137 % 360, model % 2 == 0 ? 52 : 64);
  }
}
