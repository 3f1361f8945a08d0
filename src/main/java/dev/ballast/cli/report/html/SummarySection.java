package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.AffinityText;
import dev.ballast.cli.report.Units;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What happened, in one look: figures, a sentence, and the way to the rest. */
final class SummarySection extends HtmlSection {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  SummarySection(ReportView view, StringBuilder out) {
    super(view, out);
  }

  @Override
  void write() {
    long succeeded = view.results().stream().filter(r -> r.outcome() == Outcome.SUCCEEDED).count();
    Map<Verdict.Level, Long> levels =
        view.results().stream()
            .filter(r -> r.outcome() == Outcome.SUCCEEDED)
            .collect(
                Collectors.groupingBy(
                    r -> r.verdict().level(),
                    () -> new EnumMap<>(Verdict.Level.class),
                    Collectors.counting()));
    int failed = view.data().failed().size();
    int unplaceable = view.data().unplaceable().size();
    out.append(
        "<header class=\"top\"><p class=\"brand\">Ballast report</p><h1>%s</h1><p class=\"meta\">%s%s%s</p>\n"
            .formatted(
                escape(view.data().title()),
                TIME.format(view.data().generatedAt()),
                view.data().elapsed().map(e -> " · took " + Units.duration(e)).orElse(""),
                view.data().jobs().isEmpty()
                    ? ""
                    : " · "
                        + view.data().jobs().stream()
                            .map(job -> escape(job.name() + ": " + job.condition()))
                            .collect(Collectors.joining(", "))));
    out.append("<p class=\"lead\">").append(escape(headline(succeeded, levels))).append("</p>\n");
    out.append("<ul class=\"tiles\">");
    tile(
        succeeded,
        "of "
            + AffinityText.count(view.results().size() + (long) unplaceable, "task")
            + " succeeded",
        "");
    tile(levels.getOrDefault(Verdict.Level.TRUSTED, 0L), "trusted", "good");
    tile(levels.getOrDefault(Verdict.Level.FLAGGED, 0L), "flagged", "warn");
    tile(levels.getOrDefault(Verdict.Level.REJECTED, 0L), "rejected", "bad");
    tile(failed, "failed", "bad");
    tile(unplaceable, "unplaceable", "warn");
    out.append("</ul>\n<nav aria-label=\"Sections\">");
    if (!view.data().affinities().isEmpty()) {
      link("best", "Best browser");
    }
    if (!view.cells().isEmpty()) {
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
    if (view.results().isEmpty() && view.data().unplaceable().isEmpty()) {
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
        view.data().affinities().stream()
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
}
