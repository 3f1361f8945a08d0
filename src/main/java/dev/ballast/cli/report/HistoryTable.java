package dev.ballast.cli.report;

import dev.ballast.store.Profile;
import dev.ballast.store.affinity.Affinity;
import dev.ballast.store.affinity.Estimate;
import java.util.List;
import java.util.stream.Collectors;

/** What was learned as text for a terminal, at most 100 columns wide. */
public final class HistoryTable {
  private final StringBuilder out = new StringBuilder();
  private boolean tooFew;

  private HistoryTable() {}

  /** The whole text, ending in a line feed. */
  public static String render(List<Affinity> affinities) {
    if (affinities.isEmpty()) {
      return "Nothing was measured yet that tells of speed: results that failed or were rejected,"
          + " cold or throttled do not.\n"
          + "Measure something with: bin/ballast quickstart\n";
    }
    HistoryTable table = new HistoryTable();
    table.row("family", "model", "browser", "backend", "n", "time", "95 % interval", "÷ others");
    affinities.stream()
        .filter(affinity -> !isItsOnlyModel(affinity, affinities))
        .forEach(table::affinity);
    if (affinities.stream().anyMatch(Affinity::software)) {
      table.out.append("\n*: on a software GPU adapter, never compared with hardware.\n");
    }
    if (table.tooFew) {
      table.out.append("\n–: too few repetitions for an interval; three of each are needed.\n");
    }
    return table
        .out
        .append("\nIntervals tell how well these models were measured, not of other models.\n")
        .toString();
  }

  /** The row of a family of one model would only repeat that model's. */
  private static boolean isItsOnlyModel(Affinity affinity, List<Affinity> all) {
    return affinity.model().isEmpty()
        && all.stream()
                .filter(other -> other.model().isPresent())
                .filter(other -> other.family() == affinity.family())
                .filter(other -> other.software() == affinity.software())
                .count()
            == 1;
  }

  /** What was learned of each model in each browser, a line each. */
  public static String profiles(List<Profile> profiles) {
    HistoryTable table = new HistoryTable();
    table.row("model", "browser", "version", "backend", "n", "time", "95 % interval", "succeeded");
    for (Profile profile : profiles) {
      table.row(
          profile.model(),
          profile.kind().name(),
          profile.version(),
          profile.backend().map(Object::toString).orElse(Units.ABSENT),
          String.valueOf(profile.n()),
          profile.meanMillis().map(mean -> Units.millis(mean.mean())).orElse(Units.ABSENT),
          profile.meanMillis().map(table::interval).orElse(Units.ABSENT),
          "%.0f %% of %d".formatted(100 * profile.successRatio(), profile.attempts()));
    }
    return table.out.toString();
  }

  private void affinity(Affinity affinity) {
    for (Affinity.Cell cell : affinity.cells()) {
      row(
          affinity.family().label(),
          affinity.model().orElse("(%s)".formatted(AffinityText.count(cell.models(), "model"))),
          cell.place().kind().name(),
          cell.place().backend() + (affinity.software() ? "*" : ""),
          String.valueOf(cell.n()),
          Units.millis(cell.millis().mean()),
          interval(cell.millis()),
          cell.relativeSpeed().map(this::ratio).orElse(""));
    }
    affinity
        .best()
        .lead()
        .ifPresent(lead ->
            note(
                "%s: %s since %s, %s (%s)"
                    .formatted(
                        lead.ratio().decided() ? "best" : "ahead, but undecided",
                        affinity.best().place(),
                        affinity.best().since().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                        AffinityText.finding(affinity),
                        AffinityText.evidence(affinity))));
    for (Affinity.PriorCheck prior : affinity.priors()) {
      note(
          "prior: %s %s, measured %s: %s"
              .formatted(
                  prior.kind(),
                  Units.ratio(prior.advantage()),
                  prior.measured().map(this::ratio).orElse("nothing to compare"),
                  prior.agreement().label()));
    }
  }

  private String interval(Estimate millis) {
    if (millis.low95().isEmpty() || millis.high95().isEmpty()) {
      tooFew = true;
      return Units.ABSENT;
    }
    return Units.millisRange(millis.low95().getAsDouble(), millis.high95().getAsDouble());
  }

  private String ratio(Estimate ratio) {
    if (ratio.low95().isEmpty() || ratio.high95().isEmpty()) {
      tooFew = true;
      return "%s (–)".formatted(Units.ratio(ratio.mean()));
    }
    return "%s (%s–%s)"
        .formatted(
            Units.ratio(ratio.mean()),
            Units.digits(ratio.low95().getAsDouble()),
            Units.digits(ratio.high95().getAsDouble()));
  }

  private void note(String text) {
    out.append(
        Text.wrap(Text.clean(text), ResultsTable.WIDTH - 4).stream()
            .collect(Collectors.joining("\n    ", "  ", "\n")));
  }

  private void row(
      String family,
      String model,
      String browser,
      String backend,
      String n,
      String time,
      String interval,
      String ratio) {
    String line =
        Text.left(family, 14)
            + " "
            + Text.left(Text.clean(model), 15)
            + " "
            + Text.left(Text.clean(browser), 9)
            + " "
            + Text.left(Text.clean(backend), 7)
            + Text.right(n, 5)
            + Text.right(time, 10)
            + Text.right(interval, 15)
            + "  "
            + ratio;
    out.append(line.stripTrailing()).append('\n');
  }
}
