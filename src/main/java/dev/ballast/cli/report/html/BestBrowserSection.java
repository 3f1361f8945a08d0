package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.AffinityText;
import dev.ballast.store.affinity.Affinity;
import dev.ballast.store.affinity.Estimate;
import java.util.List;

/** The best browser of each family, as a forest plot. */
final class BestBrowserSection extends HtmlSection {
  BestBrowserSection(ReportView view, StringBuilder out) {
    super(view, out);
  }

  @Override
  void write() {
    if (view.data().affinities().isEmpty()) {
      return;
    }
    section(
        "best",
        "Best browser for each family",
        "How many times faster the best browser and backend is than the best of any other kind:"
            + " geometric mean over the models both ran, with its 95 % interval over the"
            + " repetitions. Only an interval that leaves out 1 decides.");
    List<Estimate> ratios =
        view.data().affinities().stream()
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
    for (Affinity affinity : view.data().affinities()) {
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
}
