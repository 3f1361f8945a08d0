package dev.ballast.store;

import dev.ballast.dispatch.Event;
import dev.ballast.model.Adapter;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Results by the few things that a test is about; all else is ordinary. */
final class TestingResults {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private String model = "silero-vad";
  private ModelFamily family = ModelFamily.AUDIO;
  private BrowserKind kind = BrowserKind.CHROMIUM;
  private Backend backend = Backend.WASM;
  private double meanMillis = 1;
  private boolean software;
  private Outcome outcome = Outcome.SUCCEEDED;
  private Verdict verdict = Verdict.TRUSTED;
  private String job = "quickstart";
  private int index;
  private Instant startedAt = START;

  static TestingResults of(String model, ModelFamily family) {
    TestingResults results = new TestingResults();
    results.model = model;
    results.family = family;
    return results;
  }

  static TestingResults audio() {
    return new TestingResults();
  }

  TestingResults on(String kind) {
    this.kind = new BrowserKind(kind);
    return this;
  }

  TestingResults on(String kind, Backend backend) {
    this.backend = backend;
    return on(kind);
  }

  TestingResults taking(double millis) {
    meanMillis = millis;
    return this;
  }

  TestingResults software() {
    software = true;
    verdict = Verdict.of(EnumSet.of(Verdict.Reason.SOFTWARE_ADAPTER));
    return this;
  }

  TestingResults doubtedFor(Verdict.Reason reason) {
    verdict = Verdict.of(EnumSet.of(reason));
    return this;
  }

  TestingResults ending(Outcome end) {
    outcome = end;
    return this;
  }

  TestingResults job(String name, int cell) {
    job = name;
    index = cell;
    return this;
  }

  TestingResults at(Instant time) {
    startedAt = time;
    return this;
  }

  AttemptResult result() {
    return new AttemptResult(
        AttemptResult.SCHEMA,
        "default",
        job,
        "uid-of-" + job,
        index,
        1,
        1,
        new AttemptResult.Model(model, family, null),
        new AttemptResult.Engine("onnxruntime-web", "1.30.0"),
        new AttemptResult.Backends(backend, backend),
        new BrowserInstance(kind, "156.0", "i1", List.of("--headless")),
        new Adapter("vendor", "architecture", "description", software),
        "w1",
        null,
        "linux",
        startedAt,
        new Phases(1, 2, 0, 10, 20, 5, 3, meanMillis * 2, 0, 1),
        42 + meanMillis * 2,
        false,
        List.of(meanMillis, meanMillis),
        new AttemptResult.Sampling(
            2, 0.02, 5, List.of(new AttemptResult.Block(40, 90, 2, 1.0, null, 0.0, null, null))),
        Summary.of(new double[] {meanMillis, meanMillis}),
        1L << 30,
        null,
        outcome,
        outcome == Outcome.SUCCEEDED ? null : "page-error",
        null,
        verdict);
  }

  Event.AttemptEnded ended() {
    return new Event.AttemptEnded(result(), Optional.empty(), startedAt);
  }
}
