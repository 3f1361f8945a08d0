package dev.ballast.cli.report;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.model.Adapter;
import dev.ballast.model.AttemptReport.Evidence;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.Capability;
import dev.ballast.model.MeanInterval;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import dev.ballast.store.affinity.Affinity;
import dev.ballast.store.affinity.Estimate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The report as one page that needs nothing else: no network, no script, styles and pictures
 * inside. Its content security policy forbids all but its own style sheet and inline pictures.
 * Everything that came from outside is escaped.
 */
public final class HtmlReport {
  /** More samples of one cell than this are thinned out evenly, by rank. */
  private static final int MAX_DOTS = 150;

  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+={0,2}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final ReportData data;
  private final List<AttemptResult> results;
  private final List<Cell> cells;
  private final Map<String, Integer> colours = new HashMap<>();
  private final StringBuilder out = new StringBuilder();

  private HtmlReport(ReportData data) {
    this.data = data;
    this.results = data.results();
    this.cells = Cell.of(results);
    Set<String> kinds = new TreeSet<>();
    results.forEach(
        result -> Optional.ofNullable(result.browser()).ifPresent(b -> kinds.add(b.kind().name())));
    for (String kind : kinds) {
      colours.put(kind, usual(kind));
    }
  }

  /** Writes the page, whole or not at all. */
  public static void write(ReportData data, Path file) throws IOException {
    AtomicFile.write(file, render(data));
  }

  /** The page. */
  public static String render(ReportData data) {
    return new HtmlReport(data).page();
  }

  private String page() {
    String css = stylesheet();
    out.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'">
        <meta name="referrer" content="no-referrer">
        <title>%s – Ballast report</title>
        <style>%s</style>
        </head>
        <body>
        <main>
        """
            .formatted(sha256(css), escape(data.title()), css));
    header();
    affinities();
    table();
    distributions();
    phases();
    verdicts();
    unplaceable();
    failures();
    environment();
    out.append(
        """
        <footer>Written by Ballast %s. Times are those of each page's own clock; every sample is in \
        the JSON report and in the database.</footer>
        </main>
        </body>
        </html>
        """
            .formatted(escape(data.version())));
    return out.toString();
  }

  // What happened, in one look.

  private void header() {
    long succeeded = results.stream().filter(r -> r.outcome() == Outcome.SUCCEEDED).count();
    Map<Verdict.Level, Long> levels =
        results.stream()
            .filter(r -> r.outcome() == Outcome.SUCCEEDED)
            .collect(
                Collectors.groupingBy(
                    r -> r.verdict().level(),
                    () -> new EnumMap<>(Verdict.Level.class),
                    Collectors.counting()));
    int failed = data.failed().size();
    int unplaceable = data.unplaceable().size();
    out.append(
        "<header class=\"top\"><p class=\"brand\">Ballast report</p><h1>%s</h1><p class=\"meta\">%s%s%s</p>\n"
            .formatted(
                escape(data.title()),
                TIME.format(data.generatedAt()),
                data.elapsed().map(e -> " · took " + Units.duration(e)).orElse(""),
                data.jobs().isEmpty()
                    ? ""
                    : " · "
                        + data.jobs().stream()
                            .map(job -> escape(job.name() + ": " + job.condition()))
                            .collect(Collectors.joining(", "))));
    out.append("<p class=\"lead\">").append(escape(headline(succeeded, levels))).append("</p>\n");
    out.append("<ul class=\"tiles\">");
    tile(
        succeeded,
        "of " + AffinityText.count(results.size() + (long) unplaceable, "task") + " succeeded",
        "");
    tile(levels.getOrDefault(Verdict.Level.TRUSTED, 0L), "trusted", "good");
    tile(levels.getOrDefault(Verdict.Level.FLAGGED, 0L), "flagged", "warn");
    tile(levels.getOrDefault(Verdict.Level.REJECTED, 0L), "rejected", "bad");
    tile(failed, "failed", "bad");
    tile(unplaceable, "unplaceable", "warn");
    out.append("</ul>\n<nav aria-label=\"Sections\">");
    if (!data.affinities().isEmpty()) {
      link("best", "Best browser");
    }
    if (!cells.isEmpty()) {
      link("results", "Results");
      link("distributions", "Distributions");
      link("phases", "Where the time went");
    }
    link("verdicts", "Verdicts");
    if (unplaceable > 0) {
      link("unplaceable", "Unplaceable");
    }
    if (failed > 0) {
      link("failed", "Failed");
    }
    link("environment", "Environment");
    out.append("</nav></header>\n");
  }

  private String headline(long succeeded, Map<Verdict.Level, Long> levels) {
    if (results.isEmpty() && data.unplaceable().isEmpty()) {
      return "Nothing was run.";
    }
    if (succeeded == 0) {
      return "No task succeeded.";
    }
    long trusted = levels.getOrDefault(Verdict.Level.TRUSTED, 0L);
    String trust =
        trusted == succeeded
            ? "Every measurement can be trusted."
            : trusted == 0
                ? "No measurement is free of doubt; the reasons are with each."
                : "%d of %s can be trusted as they are; the reasons of the others are with each."
                    .formatted(trusted, AffinityText.count(succeeded, "measurement"));
    String decided =
        data.affinities().stream()
            .filter(a -> !a.software() && AffinityText.decided(a))
            .map(a -> "%s for %s".formatted(a.best().place().kind(), a.family()))
            .collect(Collectors.joining(", "));
    return trust + (decided.isEmpty() ? "" : " Fastest with confidence: " + decided + ".");
  }

  private void tile(long n, String label, String kind) {
    out.append(
        "<li class=\"%s\"><b>%d</b><span>%s</span></li>"
            .formatted(n == 0 ? "zero" : kind, n, escape(label)));
  }

  private void link(String id, String text) {
    out.append("<a href=\"#%s\">%s</a>".formatted(id, text));
  }

  private void section(String id, String title, String note) {
    out.append(
        "<section id=\"%s\" aria-labelledby=\"%s-h\"><h2 id=\"%s-h\">%s</h2>\n"
            .formatted(id, id, id, title));
    if (!note.isEmpty()) {
      out.append("<p class=\"note\">").append(note).append("</p>\n");
    }
  }

  // The best browser of each family, as a forest plot.

  private void affinities() {
    if (data.affinities().isEmpty()) {
      return;
    }
    section(
        "best",
        "Best browser for each family",
        "How many times faster the best browser and backend is than the best of any other kind:"
            + " geometric mean over the models both ran, with its 95 % interval. Only an interval"
            + " that leaves out 1 decides.");
    List<Estimate> ratios =
        data.affinities().stream()
            .filter(a -> !a.software())
            .flatMap(a -> a.best().lead().stream())
            .map(Affinity.Lead::ratio)
            .toList();
    double low = 0.9;
    double high = 1.5;
    for (Estimate ratio : ratios) {
      low = Math.min(low, ratio.low95().orElse(ratio.mean()));
      high = Math.max(high, ratio.high95().orElse(ratio.mean()));
    }
    // An interval from very few repetitions may be absurdly wide: it is cut at the edge.
    Scale scale = new Scale(Math.max(low, 0.02) * 0.97, Math.min(high, 200) * 1.03, true);
    for (Affinity affinity : data.affinities()) {
      forestRow(affinity, scale);
    }
    if (!ratios.isEmpty()) {
      out.append(
          "<div class=\"row forest axis\"><span class=\"label\"></span><div class=\"plot\">");
      axis(ratioTicks(scale), scale, "×");
      out.append("</div><span class=\"value\"></span></div>\n");
    }
    out.append("</section>\n");
  }

  private static List<Double> ratioTicks(Scale scale) {
    if (scale.high() / scale.low() < 4) {
      return List.of(0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0).stream()
          .filter(tick -> tick >= scale.low() && tick <= scale.high())
          .toList();
    }
    return scale.ticks(6);
  }

  private void forestRow(Affinity affinity, Scale scale) {
    String family = affinity.family() + (affinity.software() ? " (software GPU)" : "");
    out.append(
        "<div class=\"row forest k%d\"><div class=\"label\">%s<br><b class=\"kind\">%s</b> <small>%s</small></div>"
            .formatted(
                colour(affinity.best().place().kind().name()),
                escape(family),
                escape(affinity.best().place().kind().name()),
                escape(
                    affinity.best().place().backend()
                        + (AffinityText.undecided(affinity) ? ", ahead but undecided" : ""))));
    out.append("<div class=\"plot\">");
    if (affinity.software()) {
      out.append("<span class=\"off\">software rasterisers, kept off the scale of hardware</span>");
    } else if (affinity.best().lead().isPresent()) {
      Estimate ratio = affinity.best().lead().get().ratio();
      out.append(
          "<svg height=\"28\" role=\"img\" aria-label=\"%s\">"
              .formatted(escape(family + ": " + AffinityText.finding(affinity))));
      for (double tick : ratioTicks(scale)) {
        verticalLine(tick == 1 ? "one" : "grid", scale.at(tick), 0, 28);
      }
      if (ratio.low95().isPresent() && ratio.high95().isPresent()) {
        out.append(
            "<line class=\"ci\" x1=\"%s\" x2=\"%s\" y1=\"14\" y2=\"14\"/>"
                .formatted(
                    scale.at(ratio.low95().getAsDouble()), scale.at(ratio.high95().getAsDouble())));
      }
      out.append(
          "<circle class=\"bar\" cx=\"%s\" cy=\"14\" r=\"6\"/></svg>"
              .formatted(scale.at(ratio.mean())));
    }
    out.append("</div>");
    String tag =
        switch (AffinityText.agreement(affinity)) {
          case AGREES -> "agrees";
          case DISAGREES -> "disagrees";
          case UNDECIDED -> "undecided";
          case NO_PRIOR -> "plain";
        };
    out.append(
        "<div class=\"value\">%s<small>%s</small><span class=\"tag %s\">%s</span></div></div>\n"
            .formatted(
                escape(AffinityText.finding(affinity)),
                escape(AffinityText.evidence(affinity)),
                tag,
                escape(AffinityText.prior(affinity))));
  }

  // The table.

  private void table() {
    if (cells.isEmpty()) {
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
    byModel()
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

  private static String interval(Cell cell) {
    return cell.typical()
        .map(typical -> Units.millisRange(typical.low95(), typical.high95()))
        .orElse("–");
  }

  // Distributions.

  private void distributions() {
    if (cells.isEmpty()) {
      return;
    }
    section(
        "distributions",
        "Distributions",
        "Dots are samples (at most %d of a line are drawn), the box holds the middle half with the median as its line, the solid bar below is the 95 %% interval of the median. Shorter is to the left; the few samples beyond the axis are counted at its end."
            .formatted(MAX_DOTS));
    byModel().forEach(this::distribution);
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

  private void axis(List<Double> ticks, Scale scale, String unit) {
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

  /** The shortest way to write a round number. */
  private static String plain(double value) {
    return java.math.BigDecimal.valueOf(value)
        .round(new java.math.MathContext(6))
        .stripTrailingZeros()
        .toPlainString();
  }

  private void verticalLine(String style, String x, int from, int to) {
    out.append(
        "<line class=\"%s\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>"
            .formatted(style, x, x, from, to));
  }

  // Where the time went.

  private void phases() {
    List<Cell> timed = cells.stream().filter(cell -> !cell.phases().isEmpty()).toList();
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

  // What the verdicts mean.

  private void verdicts() {
    Map<Verdict.Reason, Long> counts = new EnumMap<>(Verdict.Reason.class);
    results.forEach(
        result -> result.verdict().reasons().forEach(r -> counts.merge(r, 1L, Long::sum)));
    section(
        "verdicts",
        "What the verdicts say",
        "A flagged number is real, but says something else than the bare speed of that browser. A"
            + " rejected one is not counted anywhere.");
    if (counts.isEmpty()) {
      out.append("<p class=\"note\">No measurement carries a reason for doubt.</p>");
    } else {
      out.append("<dl>");
      counts.forEach((reason, n) ->
          out.append(
              "<dt><span class=\"tag %s\">%s</span></dt><dd>%s <b>(%s)</b></dd>"
                  .formatted(
                      reason.level().label(),
                      escape(reason.label()),
                      escape(reason.explanation()),
                      AffinityText.count(n, "task"))));
      out.append("</dl>");
    }
    out.append("</section>\n");
  }

  // What did not run, and what did not succeed.

  private void unplaceable() {
    if (data.unplaceable().isEmpty()) {
      return;
    }
    section(
        "unplaceable",
        "Unplaceable",
        "No browser here can run these now. They are not failures: they wait for one that can.");
    out.append("<dl>");
    UnplaceableGroup.of(data.unplaceable())
        .forEach(group ->
            out.append(
                "<dt>%s</dt><dd><code>%s</code> %s</dd>"
                    .formatted(
                        escape(group.label(" · ")),
                        escape(group.code()),
                        escape(group.message()))));
    out.append("</dl></section>\n");
  }

  private void failures() {
    List<AttemptResult> failed = data.failed();
    if (failed.isEmpty()) {
      return;
    }
    section("failed", "Failed", "");
    for (AttemptResult result : failed) {
      out.append(
          "<article class=\"failure\"><h3>%s <span class=\"family\">%s · %s · task %s/%d, attempt %d</span></h3>"
              .formatted(
                  escape(result.model().name()),
                  escape(Cell.backend(result)),
                  escape(Cell.browser(result)),
                  escape(result.job()),
                  result.index(),
                  result.attempt()));
      out.append(
          "<p><span class=\"tag failed\">%s</span>%s %s</p>"
              .formatted(
                  escape(result.outcome().label()),
                  result.code() == null || result.code().equals(result.outcome().label())
                      ? ""
                      : " <code>%s</code>".formatted(escape(result.code())),
                  result.message() == null ? "" : escape(result.message())));
      evidence(data.evidence().get(result.attemptId()));
      String path = data.evidencePaths().get(result.attemptId());
      if (path != null) {
        out.append("<p class=\"note\">Kept in <code>%s</code></p>".formatted(escape(path)));
      }
      out.append("</article>\n");
    }
    out.append("</section>\n");
  }

  private void evidence(@Nullable Evidence evidence) {
    if (evidence == null) {
      return;
    }
    String console = evidence.console();
    if (console != null && !console.isBlank()) {
      out.append(
          "<details open><summary>Console of the page</summary><pre>%s</pre></details>"
              .formatted(escape(console)));
    }
    String screenshot = evidence.screenshot();
    if (screenshot != null && BASE64.matcher(screenshot).matches()) {
      out.append(
          "<details open><summary>What the page showed</summary><img alt=\"Screenshot of the page when it failed\" src=\"data:image/png;base64,%s\"></details>"
              .formatted(screenshot));
    }
  }

  // Where it was measured.

  private void environment() {
    section("environment", "Environment", "");
    out.append("<dl>");
    entry("Machine", distinct(results.stream().map(AttemptResult::node).toList()));
    entry("System", distinct(results.stream().map(AttemptResult::os).toList()));
    entry(
        "Engine",
        distinct(
            results.stream()
                .map(AttemptResult::runtime)
                .filter(Objects::nonNull)
                .map(e -> e.name() + (e.version() == null ? "" : " " + e.version()))
                .toList()));
    data.files().forEach(file -> entry(file.label(), file.path()));
    out.append("</dl>\n");
    browsers().forEach(this::browser);
    out.append("</section>\n");
  }

  private record BrowserUse(BrowserInstance instance, Set<String> workers, Set<String> adapters) {}

  private Map<String, BrowserUse> browsers() {
    Map<String, BrowserUse> uses = new TreeMap<>();
    for (AttemptResult result : results) {
      BrowserInstance browser = result.browser();
      if (browser != null) {
        BrowserUse use =
            uses.computeIfAbsent(
                browser.kind() + " " + browser.version() + " " + browser.arguments(),
                key -> new BrowserUse(browser, new TreeSet<>(), new LinkedHashSet<>()));
        use.workers().add(result.worker());
        Optional.ofNullable(result.adapter()).map(HtmlReport::text).ifPresent(use.adapters()::add);
      }
    }
    return uses;
  }

  private void browser(String key, BrowserUse use) {
    BrowserInstance instance = use.instance();
    out.append(
        "<div class=\"browser k%d\"><h3 class=\"kind\">%s %s</h3><dl>"
            .formatted(
                colour(instance.kind().name()),
                escape(instance.kind().name()),
                escape(instance.version())));
    Optional<Capability> probed =
        use.workers().stream()
            .flatMap(w -> Optional.ofNullable(data.browsers().get(w)).stream())
            .findFirst();
    entry("Workers", String.join(", ", use.workers()));
    Set<String> adapters = new LinkedHashSet<>(use.adapters());
    probed.flatMap(Capability::adapter).map(HtmlReport::text).ifPresent(adapters::add);
    entry("GPU adapter", adapters.isEmpty() ? "not told" : String.join("; ", adapters));
    probed.ifPresent(this::capability);
    out.append(
        "<dt>Arguments</dt><dd>%s</dd>"
            .formatted(
                instance.arguments().isEmpty()
                    ? "none"
                    : "<code>%s</code>".formatted(escape(String.join(" ", instance.arguments())))));
    out.append("</dl></div>\n");
  }

  private void capability(Capability probed) {
    entry(
        "Probed backends",
        probed.backends().stream().map(Object::toString).collect(Collectors.joining(", ")));
    List<String> abilities = new ArrayList<>();
    abilities.add(probed.wasmSimd() ? "WASM SIMD" : "no WASM SIMD");
    abilities.add(probed.wasmThreads() ? "WASM threads" : "no WASM threads");
    abilities.add(probed.crossOriginIsolated() ? "cross-origin isolated" : "not isolated");
    if (!probed.webnnDevices().isEmpty()) {
      abilities.add("WebNN on " + String.join(", ", probed.webnnDevices()));
    }
    probed
        .timerResolutionMillis()
        .ifPresent(step -> abilities.add("clock step %s µs".formatted(Units.digits(step * 1000))));
    entry("Abilities", String.join(", ", abilities));
  }

  private static String text(Adapter adapter) {
    String name =
        List.of(adapter.vendor(), adapter.architecture(), adapter.description()).stream()
            .filter(part -> !part.isBlank())
            .distinct()
            .collect(Collectors.joining(" "));
    return (name.isEmpty() ? "unnamed" : name) + (adapter.software() ? " (software)" : "");
  }

  private void entry(String label, String value) {
    if (!value.isEmpty()) {
      out.append("<dt>%s</dt><dd>%s</dd>".formatted(escape(label), escape(value)));
    }
  }

  private static String distinct(List<@Nullable String> values) {
    return values.stream().filter(Objects::nonNull).distinct().collect(Collectors.joining(", "));
  }

  private Map<String, List<Cell>> byModel() {
    return cells.stream()
        .collect(Collectors.groupingBy(Cell::model, LinkedHashMap::new, Collectors.toList()));
  }

  private static String kind(Cell cell) {
    BrowserInstance browser = cell.attempts().getFirst().browser();
    return browser == null ? "" : browser.kind().name();
  }

  private int colour(String kind) {
    return colours.getOrDefault(kind, 5);
  }

  /** Kinds keep their colour from report to report; one that nobody has heard of is grey. */
  private static int usual(String kind) {
    return switch (kind) {
      case "chromium" -> 0;
      case "firefox" -> 1;
      case "edge" -> 2;
      case "chrome" -> 3;
      case "safari", "webkit" -> 4;
      default -> 5;
    };
  }

  private static String stylesheet() {
    try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(Objects.requireNonNull(css).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
