package dev.ballast.store.affinity;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A measurement that tells of speed: it succeeded and was neither rejected, cold nor throttled.
 *
 * @param software computed by a software GPU adapter
 * @param millis typical time of one inference, above 0: the median of the attempt's samples, which
 *     a few disturbed ones do not move
 */
public record Speed(
    Instant at,
    ModelFamily family,
    String model,
    Place place,
    boolean software,
    boolean flagged,
    double millis) {

  /** Empty where the result tells nothing of speed. */
  public static Optional<Speed> of(AttemptResult result) {
    Summary summary = result.summary();
    BrowserInstance browser = result.browser();
    Backend actual = result.backend().actual();
    Backend backend = actual == null ? result.backend().requested() : actual;
    Set<Verdict.Reason> reasons = result.verdict().reasons();
    boolean counts =
        result.outcome() == Outcome.SUCCEEDED
            && result.verdict().level() != Verdict.Level.REJECTED
            && !reasons.contains(Verdict.Reason.COLD)
            && !reasons.contains(Verdict.Reason.THROTTLED);
    if (!counts
        || browser == null
        || backend == null
        || summary == null
        || !(summary.p50() > 0 && Double.isFinite(summary.p50()))) {
      return Optional.empty();
    }
    return Optional.of(
        new Speed(
            result.startedAt(),
            result.model().family(),
            result.model().name(),
            new Place(browser.kind(), backend),
            isSoftware(result, backend),
            result.verdict().level() == Verdict.Level.FLAGGED,
            summary.p50()));
  }

  /** A run on the CPU is none, whatever adapter the browser has. */
  private static boolean isSoftware(AttemptResult result, Backend backend) {
    return result.verdict().reasons().contains(Verdict.Reason.SOFTWARE_ADAPTER)
        || (result.adapter() != null
            && result.adapter().software()
            && !backend.equals(Backend.WASM));
  }
}
