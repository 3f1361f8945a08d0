package dev.ballast.balancer;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What an ended attempt teaches. A failed or rejected one teaches nothing of speed: a fast failure
 * is no fast browser.
 *
 * @param serviceSeconds time in a slot with the model loaded; waiting for the machine is not in it
 * @param iterationSeconds mean time of one warm inference
 * @param loadSeconds fetching and compiling the model, where that was needed
 */
public record Observation(
    ProfileKey key,
    boolean succeeded,
    OptionalDouble serviceSeconds,
    OptionalDouble iterationSeconds,
    OptionalDouble loadSeconds,
    OptionalLong memoryBytes) {

  /** Absent where the browser or its backend is unknown, or where the browser was not at fault. */
  public static Optional<Observation> from(AttemptResult result) {
    BrowserInstance browser = result.browser();
    Backend backend =
        result.backend().actual() != null
            ? result.backend().actual()
            : result.backend().requested();
    if (browser == null || backend == null || !teaches(result.outcome())) {
      return Optional.empty();
    }
    ProfileKey key =
        new ProfileKey(
            result.model().name(),
            result.model().family(),
            browser.kind(),
            browser.version(),
            backend,
            Hardware.of(backend, Optional.ofNullable(result.adapter())));
    boolean succeeded = result.outcome() == Outcome.SUCCEEDED;
    if (!succeeded || result.verdict().level() == Verdict.Level.REJECTED) {
      return Optional.of(
          new Observation(
              key,
              succeeded,
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              OptionalDouble.empty(),
              OptionalLong.empty()));
    }
    Phases phases = result.phases();
    Summary summary = result.summary();
    Long memory = result.peakMemoryBytes();
    boolean loaded = Boolean.FALSE.equals(result.warmStart());
    return Optional.of(
        new Observation(
            key,
            true,
            phases == null
                ? OptionalDouble.empty()
                : seconds(
                    phases.firstRun() + phases.warmup() + phases.warmRuns() + phases.overhead()),
            summary == null ? OptionalDouble.empty() : seconds(summary.mean()),
            phases == null || !loaded
                ? OptionalDouble.empty()
                : seconds(phases.download() + phases.sessionCreate()),
            memory == null || memory <= 0 ? OptionalLong.empty() : OptionalLong.of(memory)));
  }

  private static boolean teaches(Outcome outcome) {
    return switch (outcome) {
      case SUCCEEDED, FAILED, TIMED_OUT, CRASHED, HUNG, OUT_OF_MEMORY, DEVICE_LOST -> true;
      case WORKER_LOST, CANCELLED -> false;
    };
  }

  private static OptionalDouble seconds(double millis) {
    return millis > 0 ? OptionalDouble.of(millis / 1000) : OptionalDouble.empty();
  }
}
