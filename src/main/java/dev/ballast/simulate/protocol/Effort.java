package dev.ballast.simulate.protocol;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import dev.ballast.model.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * What an attempt took that no browser ran; nothing measured is in it.
 *
 * @param loadMillis fetching and compiling the model; 0: it was resident
 * @param memoryBytes what the model takes, where that is told
 */
public record Effort(
    Instant startedAt, double loadMillis, double runMillis, OptionalLong memoryBytes) {

  AttemptResult result(
      Assignment assignment, BrowserInstance browser, WorkerId worker, Outcome outcome) {
    return new AttemptResult(
        AttemptResult.SCHEMA,
        assignment.namespace(),
        assignment.job(),
        assignment.attempt().task().job(),
        assignment.attempt().task().index(),
        assignment.attempt().number(),
        assignment.attempt().epoch(),
        new AttemptResult.Model(assignment.model().name(), assignment.model().family(), null),
        null,
        new AttemptResult.Backends(assignment.backend(), assignment.backend()),
        browser,
        null,
        worker.name(),
        null,
        null,
        startedAt,
        new Phases(0, 0, 0, 0, loadMillis, 0, 0, runMillis, 0, 0),
        loadMillis + runMillis,
        loadMillis == 0,
        List.of(),
        null,
        outcome == Outcome.SUCCEEDED ? Summary.of(new double[] {runMillis / 10}) : null,
        memoryBytes.isPresent() ? memoryBytes.getAsLong() : null,
        null,
        outcome,
        outcome == Outcome.SUCCEEDED ? null : "simulated",
        null,
        Verdict.TRUSTED);
  }
}
