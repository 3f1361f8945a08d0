package dev.ballast.cli.report;

import java.util.Optional;

/** An affinity as sentences, the same in the table and in the page. */
final class AffinityText {
  private AffinityText() {}

  /** For example {@code 1.42× faster than firefox/wasm, 95 % interval 1.31–1.54}. */
  static String finding(Affinity affinity) {
    if (affinity.against().isEmpty() || affinity.ratio().isEmpty()) {
      return "the only kind with counted results";
    }
    Affinity.Ratio ratio = affinity.ratio().get();
    String interval =
        ratio.low95().isPresent() && ratio.high95().isPresent()
            ? "95 %% interval %s–%s"
                .formatted(
                    Units.digits(ratio.low95().getAsDouble()),
                    Units.digits(ratio.high95().getAsDouble()))
            : "no interval: nothing was run twice";
    return "%s the speed of %s, %s"
        .formatted(Units.ratio(ratio.value()), affinity.against().get(), interval);
  }

  /** There is a rival, and the interval does not leave out that it is as fast. */
  static boolean undecided(Affinity affinity) {
    return affinity.against().isPresent()
        && affinity.ratio().filter(Affinity.Ratio::decided).isEmpty();
  }

  /** For example {@code 40 attempts, 2 models, 4 flagged}. */
  static String evidence(Affinity affinity) {
    var evidence = affinity.evidence();
    return "%s, %s%s"
        .formatted(
            count(evidence.attempts(), "attempt"),
            count(evidence.models(), "model"),
            evidence.flagged() > 0 ? ", %d flagged".formatted(evidence.flagged()) : "");
  }

  /** For example {@code disagrees with the prior (firefox 1.55×)}. */
  static String prior(Affinity affinity) {
    if (affinity.softwareGpu()) {
      return "no prior speaks of software rasterisers";
    }
    if (affinity.priorRatio().isEmpty() || affinity.against().isEmpty()) {
      return "nothing to compare with a prior";
    }
    double prior = affinity.priorRatio().getAsDouble();
    Optional<String> expected =
        prior == 1
            ? Optional.empty()
            : Optional.of(
                "%s %s"
                    .formatted(
                        prior > 1 ? affinity.best().browser() : affinity.against().get().browser(),
                        Units.ratio(Math.max(prior, 1 / prior))));
    return switch (affinity.agreement()) {
      case AGREES -> "agrees with the prior (%s)".formatted(expected.orElse("none"));
      case DISAGREES -> "disagrees with the prior (%s)".formatted(expected.orElse("none"));
      case UNDECIDED ->
          "undecided: the interval holds 1 (prior: %s)".formatted(expected.orElse("none"));
      case NO_PRIOR -> "the prior prefers neither";
    };
  }

  static String count(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }
}
