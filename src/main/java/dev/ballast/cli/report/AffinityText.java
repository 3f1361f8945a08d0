package dev.ballast.cli.report;

import dev.ballast.store.affinity.Affinity;
import dev.ballast.store.affinity.Estimate;
import java.util.Optional;

/** An affinity as sentences, the same in the table and in the page. */
public final class AffinityText {
  private AffinityText() {}

  /** For example {@code 1.42× the speed of firefox/wasm, 95 % interval 1.31–1.54}. */
  public static String finding(Affinity affinity) {
    return affinity
        .best()
        .lead()
        .map(lead ->
            "%s the speed of %s, %s"
                .formatted(Units.ratio(lead.ratio().mean()), lead.over(), interval(lead.ratio())))
        .orElse("the only kind with counted results");
  }

  private static String interval(Estimate ratio) {
    return ratio.low95().isPresent() && ratio.high95().isPresent()
        ? "95 %% interval %s–%s"
            .formatted(
                Units.digits(ratio.low95().getAsDouble()),
                Units.digits(ratio.high95().getAsDouble()))
        : "no interval: too few repetitions";
  }

  /** The whole interval of the lead is on one side of 1. */
  public static boolean decided(Affinity affinity) {
    return affinity.best().lead().filter(lead -> lead.ratio().decided()).isPresent();
  }

  /** There is a rival, and the interval does not leave out that it is as fast. */
  public static boolean undecided(Affinity affinity) {
    return affinity.best().lead().isPresent() && !decided(affinity);
  }

  /** For example {@code 40 attempts, 2 models, 4 flagged}. */
  public static String evidence(Affinity affinity) {
    Affinity.Evidence evidence =
        affinity
            .best()
            .lead()
            .map(Affinity.Lead::evidence)
            .orElseGet(() ->
                affinity.cells().stream()
                    .filter(cell -> cell.place().equals(affinity.best().place()))
                    .map(cell -> new Affinity.Evidence(cell.n(), cell.models(), cell.flagged()))
                    .findFirst()
                    .orElseThrow());
    return "%s, %s%s"
        .formatted(
            count(evidence.attempts(), "attempt"),
            count(evidence.models(), "model"),
            evidence.flagged() > 0 ? ", %d flagged".formatted(evidence.flagged()) : "");
  }

  public static Affinity.Agreement agreement(Affinity affinity) {
    return affinity.best().lead().map(Affinity.Lead::agreement).orElse(Affinity.Agreement.NO_PRIOR);
  }

  /** For example {@code disagrees with the prior (firefox 1.55×)}. */
  public static String prior(Affinity affinity) {
    if (affinity.software()) {
      return "no prior speaks of software rasterisers";
    }
    Optional<Affinity.Lead> found = affinity.best().lead();
    if (found.isEmpty() || found.get().priorRatio().isEmpty()) {
      return "nothing to compare with a prior";
    }
    Affinity.Lead lead = found.get();
    double prior = lead.priorRatio().getAsDouble();
    String expected =
        "%s %s"
            .formatted(
                prior > 1 ? affinity.best().place().kind() : lead.over().kind(),
                Units.ratio(Math.max(prior, 1 / prior)));
    return switch (lead.agreement()) {
      case AGREES -> "agrees with the prior (%s)".formatted(expected);
      case DISAGREES -> "disagrees with the prior (%s)".formatted(expected);
      case UNDECIDED ->
          lead.ratio().low95().isPresent()
              ? "undecided: the interval holds 1 (prior: %s)".formatted(expected)
              : "undecided: there is no interval (prior: %s)".formatted(expected);
      case NO_PRIOR -> "the prior prefers neither";
    };
  }

  public static String count(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }
}
