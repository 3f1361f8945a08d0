package dev.ballast.cli.report;

import dev.ballast.cli.report.ReportData.Unplaceable;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Verdict;
import dev.ballast.store.affinity.Affinity;
import java.util.List;
import java.util.Objects;

/**
 * The end of a run as text for a terminal, at most 100 columns wide: results by model, the best
 * browser of each family, what found no place, what failed.
 */
public final class ResultsTable {
  static final int WIDTH = 100;

  private final Style style;
  private final StringBuilder out = new StringBuilder();

  private ResultsTable(Style style) {
    this.style = style;
  }

  /** The whole text, ending in a line feed. */
  public static String render(ReportData data, Style style) {
    return new ResultsTable(style).all(data);
  }

  private String all(ReportData data) {
    List<AttemptResult> results = data.results();
    cells(Cell.of(results));
    affinities(data.affinities());
    unplaceable(data.unplaceable());
    failed(data);
    times(data);
    files(data);
    return out.toString();
  }

  private void cells(List<Cell> cells) {
    if (cells.isEmpty()) {
      line("No task succeeded.");
      return;
    }
    line(
        style.dim(
            row("model", "browser", "n", "p50", "p95", "95 % interval", "load", "memory")
                + "  verdict"));
    String model = null;
    for (Cell cell : cells) {
      if (!cell.model().equals(model)) {
        model = cell.model();
        line(style.bold(Text.fit(Text.clean(model), WIDTH - 20)) + style.dim("  " + cell.family()));
      }
      cell(cell);
    }
  }

  private void cell(Cell cell) {
    String figures =
        row(
            "  " + cell.backend(),
            Text.clean(cell.browser()),
            Integer.toString(cell.n()),
            Units.millis(cell.quantile(0.5)),
            Units.millis(cell.quantile(0.95)),
            cell.typical()
                .map(typical -> Units.millisRange(typical.low95(), typical.high95()))
                .orElse("–"),
            Units.millis(cell.loadMillis()),
            Units.bytes(cell.memoryBytes()));
    line(figures + "  " + verdict(cell.level()));
    if (!cell.reasonLabels().isEmpty()) {
      wrapped(String.join(", ", cell.reasonLabels()), "    └ ", "      ");
    }
  }

  private static String row(
      String backend,
      String browser,
      String n,
      String p50,
      String p95,
      String interval,
      String load,
      String memory) {
    return Text.left(backend, 10)
        + " "
        + Text.left(browser, 13)
        + Text.right(n, 6)
        + Text.right(p50, 10)
        + Text.right(p95, 10)
        + Text.right(interval, 20)
        + Text.right(load, 9)
        + Text.right(memory, 9);
  }

  private String verdict(Verdict.Level level) {
    return switch (level) {
      case TRUSTED -> style.good("trusted");
      case FLAGGED -> style.warning("flagged");
      case REJECTED -> style.bad("rejected");
    };
  }

  private void affinities(List<Affinity> affinities) {
    if (affinities.isEmpty()) {
      return;
    }
    heading("Best browser by family");
    for (Affinity affinity : affinities) {
      String family = affinity.family() + (affinity.software() ? " (software GPU)" : "");
      line(
          Text.left("  " + family, 30)
              + " "
              + (AffinityText.undecided(affinity)
                  ? "undecided, ahead is " + Text.fit(affinity.best().place().toString(), 50)
                  : style.bold(Text.fit(affinity.best().place().toString(), 60))));
      wrapped(AffinityText.finding(affinity), " ".repeat(31), " ".repeat(31));
      wrapped(
          AffinityText.evidence(affinity) + "; " + AffinityText.prior(affinity),
          " ".repeat(31),
          " ".repeat(31));
    }
  }

  private void unplaceable(List<Unplaceable> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    heading("Unplaceable: %s".formatted(AffinityText.count(tasks.size(), "task")));
    UnplaceableGroup.of(tasks)
        .forEach(group -> {
          line(
              "  "
                  + Text.fit(Text.clean(group.label(" ")), WIDTH - 40)
                  + "  "
                  + style.warning(Text.fit(Text.clean(group.code()), 36)));
          wrapped(group.message(), "    ", "    ");
        });
  }

  private void failed(ReportData data) {
    List<AttemptResult> failed = data.failed();
    if (failed.isEmpty()) {
      return;
    }
    heading("Failed: %s".formatted(AffinityText.count(failed.size(), "task")));
    for (AttemptResult result : failed) {
      line(
          "  "
              + Text.fit(
                  Text.clean(
                      "%s/%d %s %s %s"
                          .formatted(
                              result.job(),
                              result.index(),
                              result.model().name(),
                              Cell.backend(result),
                              Cell.browser(result))),
                  WIDTH - 42)
              + "  "
              + style.bad(Text.fit(Text.clean(result.outcome() + code(result)), 38)));
      if (result.message() != null) {
        wrapped(result.message(), "    ", "    ");
      }
      String evidence = data.evidencePaths().get(result.attemptId());
      if (evidence != null) {
        path("    evidence: ", evidence);
      }
    }
  }

  private static String code(AttemptResult result) {
    return result.code() == null || result.code().equals(result.outcome().label())
        ? ""
        : " (" + result.code() + ")";
  }

  private void times(ReportData data) {
    data.sinceStart()
        .ifPresent(times -> {
          line("");
          line(
              style.dim(
                  "first task after %s, all after %s"
                      .formatted(
                          Units.duration(times.firstTask()), Units.duration(times.allTasks()))));
        });
  }

  private void files(ReportData data) {
    if (!data.files().isEmpty()) {
      line("");
      int widest = data.files().stream().mapToInt(file -> Text.width(file.label())).max().orElse(0);
      data.files()
          .forEach(file ->
              path(Text.left(Text.clean(file.label()), Math.min(widest, 30)) + "  ", file.path()));
    }
  }

  /** A path is not cut: it is there to be copied. */
  private void path(String indent, String path) {
    line(indent + Text.clean(path));
  }

  private void heading(String text) {
    line("");
    line(style.bold(text));
  }

  private void wrapped(String text, String first, String rest) {
    List<String> lines =
        Text.wrap(Text.clean(Objects.requireNonNull(text)), WIDTH - first.length());
    for (int i = 0; i < lines.size(); i++) {
      line((i == 0 ? first : rest) + style.dim(lines.get(i)));
    }
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }
}
