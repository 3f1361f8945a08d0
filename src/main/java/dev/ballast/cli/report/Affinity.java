package dev.ballast.cli.report;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Which browser is best for a family, against the best of the other kinds.
 *
 * @param softwareGpu it is a comparison among software rasterisers, which says nothing of GPUs
 * @param against the fastest browser and backend of another kind; absent when there was only one
 *     kind
 * @param evidence what the ratio rests on
 * @param priorRatio the configured advantage of {@code best} over {@code against}; 1 when the
 *     configuration prefers neither
 */
public record Affinity(
    ModelFamily family,
    boolean softwareGpu,
    Contender best,
    Optional<Contender> against,
    Optional<Ratio> ratio,
    Evidence evidence,
    OptionalDouble priorRatio,
    Agreement agreement) {

  /** A browser kind with a backend. */
  public record Contender(BrowserKind browser, Backend backend) implements Comparable<Contender> {
    @Override
    public int compareTo(Contender other) {
      int byKind = browser.compareTo(other.browser);
      return byKind != 0 ? byKind : backend.compareTo(other.backend);
    }

    @Override
    public String toString() {
      return browser + "/" + backend;
    }
  }

  /**
   * How many times faster, ≥ 1 as a rule; the interval is absent when nothing was run twice.
   *
   * @param low95 lower end of the 95 % Student-t interval of the geometric mean
   */
  public record Ratio(double value, OptionalDouble low95, OptionalDouble high95) {
    /** The whole interval is on one side of 1. */
    public boolean decided() {
      return (low95.isPresent() && low95.getAsDouble() > 1)
          || (high95.isPresent() && high95.getAsDouble() < 1);
    }
  }

  /** Attempts and models that both sides have in common, and how many attempts were flagged. */
  public record Evidence(int attempts, int models, int flagged) {}

  /** How the measured order compares with the configured prior. */
  public enum Agreement {
    AGREES("agrees"),
    DISAGREES("disagrees"),
    UNDECIDED("undecided"),
    /** The configuration prefers neither of the two, or there was nothing to compare. */
    NO_PRIOR("no prior");

    private final String label;

    Agreement(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
