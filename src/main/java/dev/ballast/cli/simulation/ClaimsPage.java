package dev.ballast.cli.simulation;

import dev.ballast.simulate.Claims;
import dev.ballast.simulate.Claims.Finding;
import dev.ballast.simulate.Interval;
import java.util.List;
import java.util.Map;

/** {@code docs/claims.md}: what the ancestor claimed, beside what was measured. */
public final class ClaimsPage {
  private static final Map<String, String> DEFINITIONS =
      Map.of(
          "loadImbalance",
          "coefficient of variation over browsers of the share of slot time that was busy",
          "capabilityUtilization",
          "best possible service time of what was completed ÷ (slots × time)",
          "unnecessaryMigrationsPerTask",
          "moves after which a task started no earlier than the queue it left would have started"
              + " it, per task",
          "matchedRatio",
          "share of tasks that ran within 10 % of the fleet's best expected service time",
          "peakLoadSeconds",
          "99th percentile over time of the work queued and running, per slot",
          "recoverySeconds",
          "from the loss of a browser to the last of its tasks running again",
          "peakMemoryMiB",
          "most memory that loaded models took at any time, over the fleet");

  /** Replications that say whether the page is out of date. */
  static final int PROBE = 2;

  private ClaimsPage() {}

  /** The page, after everything was measured. */
  public static String measured() {
    return of(Claims.measure()) + probe();
  }

  /** Both sides of every claim over a few replications: it changes when a policy does. */
  static String probe() {
    StringBuilder text = new StringBuilder("\n<!-- over %d replications:".formatted(PROBE));
    for (Finding finding : Claims.measure(PROBE)) {
      text.append(
          " %s %s"
              .formatted(
                  Figures.written(finding.ours().mean()),
                  Figures.written(finding.theirs().mean())));
    }
    return text.append(" -->\n").toString();
  }

  private static String of(List<Finding> findings) {
    StringBuilder text =
        new StringBuilder(
            """
            # The ancestor's claims, measured

            ```
            bin/ballast simulate --claims
            ```

            writes this page; a test fails when it is out of date (it looks at %d replications). Everything here is simulated: %d replications by seed %d, the policies
            learn the times as they go, both sides get the same arrivals and the same noise. A ratio is `browser-aware` ÷ the other policy,
            with its 95 %% interval; *met* means that the whole interval is at least as good as the claim.

            | claim | ancestor says | metric | on | against | ours | theirs | ratio | possible | verdict |
            |---|---|---|---|---|---|---|---|---|---|
            """
                .formatted(PROBE, Claims.REPLICATIONS, Claims.SEED));
    for (Finding finding : findings) {
      text.append(
          "| %s | %s | `%s` | %s | `%s` | %s | %s | %s | %s | %s |%n"
              .formatted(
                  finding.claim().name(),
                  finding.claim().says(),
                  finding.claim().metric(),
                  finding.claim().workload(),
                  finding.claim().against(),
                  Figures.shown(finding.ours().mean()),
                  Figures.shown(finding.theirs().mean()),
                  finding.ratio().map(ClaimsPage::interval).orElse("none: theirs is 0"),
                  finding.possible().map(Figures::shown).orElse(""),
                  finding.met() ? "**met**" : "not met"));
    }
    long met = findings.stream().filter(Finding::met).count();
    text.append("%n%d of %d met.%n%n".formatted(met, findings.size()));
    text.append("| metric | what it is |\n|---|---|\n");
    findings.stream()
        .map(finding -> finding.claim().metric())
        .filter(DEFINITIONS::containsKey)
        .distinct()
        .forEach(
            metric -> text.append("| `%s` | %s |%n".formatted(metric, DEFINITIONS.get(metric))));
    text.append(
        """
        | `throughputPerSecond.FAMILY` | tasks of the family ÷ the time when its last one ended |

        *possible* is the best ratio that any policy could reach, where that is known: for throughput and utilization that of the linear
        programme over models × browser classes (all families together, loads of models ignored), for matching that of all tasks matched, for
        recovery that of a start at the moment when the loss is noticed.
        """);
    return text.toString();
  }

  private static String interval(Interval ratio) {
    return "%s [%s, %s]"
        .formatted(
            Figures.shown(ratio.mean()),
            Figures.shown(ratio.low95()),
            Figures.shown(ratio.high95()));
  }
}
