package dev.ballast.store.affinity;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What was measured of a family, or of one model of it, in the browsers that ran it.
 *
 * @param model absent: the whole family
 * @param software measured on software GPU adapters; these are never compared with hardware
 * @param cells at least one
 */
public record Affinity(
    ModelFamily family,
    Optional<String> model,
    boolean software,
    List<Cell> cells,
    Best best,
    List<PriorCheck> priors) {

  /**
   * One browser kind with one backend.
   *
   * @param models measured there
   * @param n attempts that count, of which {@code flagged} carry a reason for doubt
   * @param millis inference time: geometric mean over attempts, and over the models of a family
   * @param relativeSpeed its speed ÷ that of the other kinds (their geometric mean) on the same
   *     backend and the same models; absent where there is nothing to compare
   */
  public record Cell(
      Place place,
      int models,
      int n,
      int flagged,
      Estimate millis,
      Optional<Estimate> relativeSpeed) {}

  /**
   * The fastest place.
   *
   * @param since it has been the fastest without a break from this measurement on
   * @param lead how far ahead it is; absent where nothing else ran the same models
   */
  public record Best(Place place, Instant since, Optional<Lead> lead) {}

  /**
   * The fastest place beside the best of another kind (where there is none, of another backend).
   *
   * @param ratio speed of the best ÷ speed of {@code over}, ≥ 1 as a rule
   * @param priorRatio the same as configured; absent for software adapters
   */
  public record Lead(
      Place over,
      Estimate ratio,
      Evidence evidence,
      OptionalDouble priorRatio,
      Agreement agreement) {}

  /** Attempts and models that both sides have in common, and how many attempts were flagged. */
  public record Evidence(int attempts, int models, int flagged) {}

  /**
   * A configured advantage beside what was measured.
   *
   * @param measured speed ÷ that of the kinds with a smaller prior, on the same models and backends
   */
  public record PriorCheck(
      BrowserKind kind, double advantage, Optional<Estimate> measured, Agreement agreement) {}

  /** How a measured order compares with the configured one. */
  public enum Agreement {
    /** The whole interval says so too. */
    AGREES,
    /** The whole interval says the opposite. */
    DISAGREES,
    /** It holds 1, or there is none. */
    UNDECIDED,
    /** The configuration prefers neither. */
    NO_PRIOR;

    /** For example {@code no prior}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** {@code expected}: the configured ratio. */
    static Agreement of(Optional<Estimate> measured, double expected) {
      if (expected == 1) {
        return NO_PRIOR;
      }
      return measured
          .filter(Estimate::decided)
          .map(ratio -> ratio.mean() > 1 == expected > 1 ? AGREES : DISAGREES)
          .orElse(UNDECIDED);
    }
  }
}
