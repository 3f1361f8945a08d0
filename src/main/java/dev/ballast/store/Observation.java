package dev.ballast.store;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Verdict;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What one attempt of the past teaches the balancer's profiles.
 *
 * @param teachesSpeed succeeded and not rejected; of all others only the outcome counts
 * @param meanMillis mean inference time
 */
public record Observation(
    Instant startedAt,
    String model,
    ModelFamily family,
    BrowserKind kind,
    String version,
    Backend backend,
    boolean software,
    String worker,
    Optional<String> node,
    Outcome outcome,
    Verdict.Level verdict,
    boolean teachesSpeed,
    Optional<Boolean> warmStart,
    OptionalDouble meanMillis,
    OptionalDouble wallMillis,
    Optional<Phases> phases,
    OptionalLong peakMemoryBytes) {

  /** Download and session creation: what a browser that holds the model does not pay. */
  public OptionalDouble loadMillis() {
    return phases
        .map(times -> OptionalDouble.of(times.download() + times.sessionCreate()))
        .orElse(OptionalDouble.empty());
  }

  /** How long a slot was busy with it, apart from {@link #loadMillis} and waiting for a turn. */
  public OptionalDouble serviceMillis() {
    return phases
        .map(times ->
            OptionalDouble.of(
                times.firstRun() + times.warmup() + times.warmRuns() + times.overhead()))
        .orElse(OptionalDouble.empty());
  }
}
