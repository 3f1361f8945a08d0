package dev.ballast.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.Outcome;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of an attempt so far; becomes its result, whichever way it ends. */
final class AttemptDraft {
  private final Assignment assignment;
  private final AgentSettings settings;
  private final Instant startedAt = Instant.now();
  final PhaseClock clock = new PhaseClock();
  final List<Double> samples = new ArrayList<>();
  BrowserHost.@Nullable Running browser;
  AttemptResult.@Nullable Engine engine;
  AttemptResult.@Nullable Correctness correctness;
  AttemptResult.@Nullable Sampling sampling;
  @Nullable String modelSha256;
  @Nullable Backend actualBackend;
  @Nullable Boolean warmStart;
  @Nullable Long peakMemoryBytes;

  AttemptDraft(Assignment assignment, AgentSettings settings) {
    this.assignment = assignment;
    this.settings = settings;
  }

  Assignment assignment() {
    return assignment;
  }

  /** Takes over what the page says of its engine and the output it checked. */
  void readReady(JsonNode ready) {
    JsonNode runtime = ready.path("runtime");
    if (runtime.hasNonNull("name")) {
      engine =
          new AttemptResult.Engine(
              runtime.path("name").asText(), textOrNull(runtime.path("version")));
    }
    if (ready.path("warmStart").isBoolean()) {
      warmStart = ready.path("warmStart").asBoolean();
    }
    if (ready.hasNonNull("actualBackend")) {
      actualBackend = new Backend(ready.path("actualBackend").asText());
    }
    readCorrectness(ready.path("correctness"));
  }

  void readCorrectness(JsonNode checked) {
    if (checked.hasNonNull("reference")) {
      correctness =
          new AttemptResult.Correctness(
              checked.path("reference").asText(),
              numberOrNull(checked.path("maxError")),
              numberOrNull(checked.path("tolerance")));
    }
  }

  /**
   * What is left of the attempt's time. Waiting for the machine or for a new browser is nobody's
   * fault: it does not count.
   */
  Duration remaining() {
    double used =
        clock.elapsedMillis()
            - clock.spent(PhaseClock.Phase.TURN)
            - clock.spent(PhaseClock.Phase.BROWSER_START);
    return assignment.run().timeout().minusMillis((long) used);
  }

  /** That this time is up. */
  AttemptFailure timedOut(String code, String what) {
    return new AttemptFailure(
        Outcome.TIMED_OUT,
        code,
        "%s after %d ms (run.timeout)".formatted(what, assignment.run().timeout().toMillis()));
  }

  void peakMemory(long bytes) {
    Long known = peakMemoryBytes;
    peakMemoryBytes = known == null ? bytes : Math.max(known, bytes);
  }

  double[] sampleArray() {
    return samples.stream().mapToDouble(Double::doubleValue).toArray();
  }

  AttemptReport succeeded(Verdict verdict) {
    return new AttemptReport(result(Outcome.SUCCEEDED, null, null, verdict), null);
  }

  AttemptReport failed(AttemptFailure failure, AttemptReport.@Nullable Evidence evidence) {
    return new AttemptReport(
        result(failure.outcome(), failure.code(), failure.getMessage(), Verdict.TRUSTED), evidence);
  }

  private AttemptResult result(
      Outcome outcome, @Nullable String code, @Nullable String message, Verdict verdict) {
    BrowserHost.Running running = browser;
    double wall = clock.elapsedMillis();
    return new AttemptResult(
        AttemptResult.SCHEMA,
        assignment.namespace(),
        assignment.job(),
        assignment.attempt().task().job(),
        assignment.attempt().task().index(),
        assignment.attempt().number(),
        assignment.attempt().epoch(),
        new AttemptResult.Model(
            assignment.model().name(), assignment.model().family(), modelSha256),
        engine,
        new AttemptResult.Backends(
            assignment.backendChosen() ? null : assignment.backend(), actualBackend),
        running == null ? null : running.identity(),
        running == null ? null : running.capability().adapter().orElse(null),
        settings.worker().name(),
        settings.node(),
        settings.os(),
        startedAt,
        clock.phases(wall),
        wall,
        warmStart,
        samples,
        sampling,
        samples.isEmpty() ? null : Summary.of(sampleArray()),
        peakMemoryBytes,
        correctness,
        outcome,
        code,
        message,
        verdict);
  }

  private static @Nullable String textOrNull(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? null : node.asText();
  }

  private static @Nullable Double numberOrNull(JsonNode node) {
    return node.isNumber() ? node.asDouble() : null;
  }
}
