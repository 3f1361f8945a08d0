package dev.ballast.simulate.torture;

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

/** Results of attempts that no browser ran; nothing measured is in them. */
final class TortureResults {
  private TortureResults() {}

  static AttemptResult of(
      Assignment assignment,
      BrowserInstance browser,
      WorkerId worker,
      Outcome outcome,
      Instant startedAt,
      double millis) {
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
        new Phases(0, 0, 0, 0, 0, 0, 0, millis, 0, 0),
        millis,
        true,
        List.of(),
        null,
        outcome == Outcome.SUCCEEDED ? Summary.of(new double[] {millis / 10}) : null,
        null,
        null,
        outcome,
        outcome == Outcome.SUCCEEDED ? null : "simulated",
        null,
        Verdict.TRUSTED);
  }
}
