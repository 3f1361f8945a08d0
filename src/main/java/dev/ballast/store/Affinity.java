package dev.ballast.store;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was measured of a family, or of one model of it, on the browsers that ran it.
 *
 * @param model absent: the whole family
 * @param software measured on software GPU adapters; these are never compared with hardware
 */
public record Affinity(
    ModelFamily family,
    Optional<String> model,
    boolean software,
    List<Cell> cells,
    Optional<Best> best,
    List<PriorCheck> priors) {

  /**
   * One browser kind with one backend.
   *
   * @param models measured there
   * @param n attempts that count
   * @param meanMillis inference time; of a family the geometric mean over its models
   * @param relativeSpeed its speed ÷ that of the other kinds (their geometric mean) on the same
   *     backend and the same models; absent where there is nothing to compare
   */
  public record Cell(
      BrowserKind kind,
      Backend backend,
      int models,
      long n,
      Estimate meanMillis,
      Optional<Estimate> relativeSpeed) {}

  /**
   * The fastest of at least two comparable cells.
   *
   * @param lead its speed ÷ that of the second best
   * @param since it has been the best without a break from this measurement on
   */
  public record Best(BrowserKind kind, Backend backend, Optional<Estimate> lead, Instant since) {}

  /**
   * A configured advantage beside what was measured.
   *
   * @param measured speed ÷ that of the kinds with a smaller prior, on the same models and backends
   */
  public record PriorCheck(
      BrowserKind kind, double advantage, Optional<Estimate> measured, Agreement agreement) {}

  /** What the interval of the measured ratio says of "this kind is faster". */
  public enum Agreement {
    /** The whole interval lies above 1. */
    AGREES,
    /** The whole interval lies below 1. */
    DISAGREES,
    /** It holds 1, or there is none. */
    UNDECIDED
  }
}
