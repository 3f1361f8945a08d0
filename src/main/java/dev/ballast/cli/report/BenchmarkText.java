package dev.ballast.cli.report;

import dev.ballast.model.Summary;
import java.util.List;
import java.util.Locale;

/** A benchmark as text for a terminal. */
public final class BenchmarkText {
  private BenchmarkText() {}

  /** The machine in one line, then the figures of each browser. */
  public static String render(String machine, String task, List<BenchmarkResult> results) {
    StringBuilder text = new StringBuilder();
    text.append(machine).append('\n').append(task).append("\n\n");
    text.append(
        row(
            "browser",
            "warm Ballast",
            "in page",
            "overhead",
            "end to end",
            "session per test",
            "×, 95 % interval"));
    for (BenchmarkResult result : results) {
      BenchmarkResult.Ratio ratio = result.ratio();
      text.append(
          row(
              result.browser(),
              perSecond(result.tasksPerSecond()),
              Units.millis(result.inPage().p50()),
              Units.millis(result.overhead().p50()),
              Units.millis(result.endToEnd().p50()),
              "%s, %s"
                  .formatted(
                      perSecond(result.sessionsPerSecond()), Units.millis(result.session().p50())),
              "%s (%s–%s)"
                  .formatted(times(ratio.value()), times(ratio.low95()), times(ratio.high95()))));
    }
    text.append('\n');
    for (BenchmarkResult result : results) {
      Summary overhead = result.overhead();
      text.append(
          "%s: overhead p50 %s, p90 %s, p99 %s of %d tasks in %d rounds%n"
              .formatted(
                  result.browser(),
                  Units.millis(overhead.p50()),
                  Units.millis(overhead.p90()),
                  Units.millis(overhead.p99()),
                  overhead.n(),
                  result.rounds().size()));
    }
    return text.toString();
  }

  private static String row(String... cells) {
    return "%-23s %12s  %8s  %8s  %10s  %17s  %18s%n".formatted((Object[]) cells);
  }

  private static String perSecond(double rate) {
    return String.format(Locale.ROOT, rate < 10 ? "%.2f/s" : "%.1f/s", rate);
  }

  private static String times(double ratio) {
    return String.format(Locale.ROOT, "%.1f", ratio);
  }
}
