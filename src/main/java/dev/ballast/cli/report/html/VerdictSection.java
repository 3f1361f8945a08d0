package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.AffinityText;
import dev.ballast.model.Verdict;
import java.util.EnumMap;
import java.util.Map;

/** What the verdicts mean, and how often each reason came up. */
final class VerdictSection extends HtmlSection {
  VerdictSection(ReportView view, StringBuilder out) {
    super(view, out);
  }

  @Override
  void write() {
    Map<Verdict.Reason, Long> counts = new EnumMap<>(Verdict.Reason.class);
    view.results()
        .forEach(result -> result.verdict().reasons().forEach(r -> counts.merge(r, 1L, Long::sum)));
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
}
