package dev.ballast.cli.compare;

import dev.ballast.cli.report.Text;
import dev.ballast.cli.report.Units;
import dev.ballast.store.affinity.Estimate;
import java.util.Comparator;
import java.util.Optional;

/** A comparison as text, at most 100 columns wide; what needs attention comes first. */
public final class ComparisonTable {
  private final StringBuilder out = new StringBuilder();

  private ComparisonTable() {}

  /** The whole text, ending in a line feed. */
  public static String render(Comparison comparison) {
    ComparisonTable table = new ComparisonTable();
    table.row("model", "backend", "browser", "base", "new", "new ÷ base", "");
    comparison.rows().stream()
        .sorted(Comparator.comparingInt(row -> rank(row.change())))
        .forEach(table::row);
    if (!comparison.different().isEmpty()) {
      table.out.append("\nNot alike, but compared:\n");
      comparison.different().forEach(text -> table.out.append("  ").append(text).append('\n'));
    }
    long regressions = comparison.rows().stream().filter(row -> rank(row.change()) < 2).count();
    table.out.append(
        regressions == 0
            ? "\nNo regression in %d cells.\n".formatted(comparison.rows().size())
            : "\n%d of %d cells became worse.\n".formatted(regressions, comparison.rows().size()));
    return table.out.toString();
  }

  private static int rank(Comparison.Change change) {
    return switch (change) {
      case BROKEN -> 0;
      case SLOWER -> 1;
      case FASTER -> 2;
      case MENDED -> 3;
      case UNCHANGED -> 4;
      case UNKNOWN, ONLY_BASE, ONLY_NEW -> 5;
    };
  }

  private void row(Comparison.Row row) {
    String word =
        switch (row.change()) {
          case UNKNOWN -> "too few repetitions";
          case ONLY_BASE -> "only in base";
          case ONLY_NEW -> "only in new";
          case BROKEN -> "fails now";
          case MENDED -> "works now";
          case SLOWER, FASTER, UNCHANGED -> row.change().label();
        };
    row(
        row.cell().model(),
        row.cell().backend().name(),
        row.cell().browser().name(),
        time(row.base()),
        time(row.changed()),
        row.ratio().map(ComparisonTable::ratio).orElse(""),
        word);
  }

  private static String time(Optional<Estimate> millis) {
    return millis.map(estimate -> Units.millis(estimate.mean())).orElse("–");
  }

  private static String ratio(Estimate ratio) {
    return ratio.low95().isPresent() && ratio.high95().isPresent()
        ? "%s (%s–%s)"
            .formatted(
                Units.ratio(ratio.mean()),
                Units.digits(ratio.low95().getAsDouble()),
                Units.digits(ratio.high95().getAsDouble()))
        : "%s (–)".formatted(Units.ratio(ratio.mean()));
  }

  private void row(
      String model,
      String backend,
      String browser,
      String base,
      String changed,
      String ratio,
      String change) {
    String line =
        Text.left(Text.clean(model), 20)
            + " "
            + Text.left(backend, 7)
            + " "
            + Text.left(Text.clean(browser), 10)
            + Text.right(base, 10)
            + Text.right(changed, 10)
            + "  "
            + Text.left(ratio, 21)
            + " "
            + change;
    out.append(line.stripTrailing()).append('\n');
  }
}
