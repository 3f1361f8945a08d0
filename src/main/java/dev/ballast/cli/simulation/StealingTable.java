package dev.ballast.cli.simulation;

import dev.ballast.simulate.Interval;
import dev.ballast.simulate.stealing.ShortWork;
import dev.ballast.simulate.stealing.StealingStudy;
import dev.ballast.simulate.stealing.StealingStudy.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What moving bound tasks does to one kind of work, for people. */
final class StealingTable {
  private StealingTable() {}

  static String of(ShortWork work, long seed, int replications, List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s, simulated: %s; seed %d, %d %s%n%n"
            .formatted(
                work.tasks().name(),
                work.description(),
                seed,
                replications,
                replications == 1 ? "replication" : "replications"));
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "rule",
            "sojourn s",
            "p99 wait s",
            "migrations a task",
            "sojourn ÷ none",
            "p99 wait ÷ none",
            "lost",
            "doubled"));
    for (Finding finding : findings) {
      boolean base = finding.rule().equals(StealingStudy.NONE);
      rows.add(
          List.of(
              finding.rule().name(),
              Figures.shown(finding.sojournSeconds().mean()),
              Figures.shown(finding.p99WaitSeconds().mean()),
              String.format(Locale.ROOT, "%.4f", finding.migrationsPerTask().mean()),
              base ? "" : ratio(finding.sojournRatio()),
              base ? "" : ratio(finding.p99WaitRatio()),
              String.valueOf(finding.lost()),
              String.valueOf(finding.doubled())));
    }
    SimulationTable.Grid.append(text, rows);
    return text.append('\n').toString();
  }

  /** Three decimals: what is asked is whether it is above 1. */
  private static String ratio(Interval ratio) {
    String mean = String.format(Locale.ROOT, "%.3f", ratio.mean());
    return Double.isFinite(ratio.low95())
        ? String.format(Locale.ROOT, "%s [%.3f, %.3f]", mean, ratio.low95(), ratio.high95())
        : mean;
  }
}
