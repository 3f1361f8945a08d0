package dev.ballast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BallastJsonTest {
  /** The example of docs/results.md. */
  private static final String EXAMPLE =
      """
      {"schema": 1, "namespace": "default", "job": "quickstart", "uid": "u1", "index": 7, "attempt": 1, "epoch": 3,
       "model": {"name": "silero-vad", "family": "audio", "sha256": "ab"}, "runtime": {"name": "onnxruntime-web", "version": "1.30.0"},
       "backend": {"requested": "webgpu", "actual": "webgpu"},
       "browser": {"kind": "chromium", "version": "156.0.8078.73", "instance": "i1", "arguments": ["--headless"]},
       "adapter": {"vendor": "google", "architecture": "swiftshader", "description": "", "software": true},
       "worker": "w1", "node": null, "os": "linux", "startedAt": "2026-01-01T00:00:00Z",
       "phases": {"queue": 1.2, "placement": 0.1, "browserStart": 0.0, "download": 0.0, "sessionCreate": 51.0, "firstRun": 12.0, "warmup": 3.0, "warmRuns": 240.0, "turn": 0.0, "overhead": 9.7},
       "wall": 317.0, "warmStart": true,
       "samples": [0.31, 0.3],
       "sampling": {"inferencesPerSample": 1, "timerResolutionMillis": 0.005, "warmupRuns": 902,
         "blocks": [{"startMillis": 61.0, "endMillis": 92.0, "samples": 2, "ownCores": 1.05, "othersCores": 0.04, "stealCores": 0.0, "waitRatio": 0.02, "slowdown": 1.01}]},
       "summary": {"n": 200, "mean": 0.31, "p50": 0.3, "p90": 0.33, "p99": 0.4, "low95": 0.305, "high95": 0.315},
       "peakMemoryBytes": 413138944, "correctness": {"reference": "golden", "maxError": 1.0E-6, "tolerance": 0.001},
       "outcome": "timed-out", "code": null, "message": null, "verdict": {"level": "flagged", "reasons": ["software-adapter"]}}
      """;

  @Test
  void aResultHasTheShapeThatTheDocumentationPromises() throws IOException {
    AttemptResult result = ResultsJson.read(EXAMPLE);

    assertThat(ResultsJson.write(result)).isEqualTo(compact(EXAMPLE));
  }

  @Test
  void aFieldOfANewerNeighbourIsIgnored() throws IOException {
    String newer = EXAMPLE.replace("\"schema\": 1,", "\"schema\": 1, \"shoeSize\": {\"eu\": 43},");

    assertThat(ResultsJson.read(newer)).isEqualTo(ResultsJson.read(EXAMPLE));
  }

  @Test
  void anUnknownWordIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> ResultsJson.read(EXAMPLE.replace("timed-out", "exploded")))
        .isInstanceOf(MismatchedInputException.class)
        .hasMessageContaining("\"exploded\" is not an outcome")
        .hasMessageContaining("timed-out");
  }

  @Test
  void aReasonNobodyKnowsIsRefused() {
    assertThatThrownBy(() -> ResultsJson.read(EXAMPLE.replace("software-adapter", "full-moon")))
        .isInstanceOf(MismatchedInputException.class)
        .hasMessageContaining("full-moon")
        .hasMessageContaining(Verdict.Reason.COLD.label());
  }

  @Test
  void aReportIsAnArrayWithOneResultPerLine(@TempDir Path directory) throws IOException {
    AttemptResult result = ResultsJson.read(EXAMPLE);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    ResultsJson.writeAll(List.of(result, result), out);
    Path file = Files.write(directory.resolve("report.json"), out.toByteArray());

    assertThat(Files.readAllLines(file)).hasSize(4);
    assertThat(ResultsJson.readAll(file)).containsExactly(result, result);
  }

  @Test
  void anEmptyReportIsAnEmptyArray() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    ResultsJson.writeAll(List.of(), out);

    assertThat(out).hasToString("[]\n");
  }

  @Property(tries = 300)
  void everyRecordOfTheProtocolComesBackAsItWas(@ForAll long seed) throws IOException {
    TestingRecords records = new TestingRecords(seed);
    for (Class<?> type :
        List.of(
            AttemptResult.class,
            SyncRequest.class,
            SyncResponse.class,
            Assignment.class,
            JobSpec.class)) {
      Object record = records.next(type);

      String json = BallastJson.mapper().writeValueAsString(record);

      assertThat((Object) BallastJson.mapper().readValue(json, type)).as(json).isEqualTo(record);
    }
  }

  @Test
  void wordsAreKeysOfMapsToo() throws IOException {
    var type =
        BallastJson.mapper()
            .getTypeFactory()
            .constructMapType(java.util.Map.class, BrowserKind.class, Integer.class);

    String json = BallastJson.mapper().writeValueAsString(java.util.Map.of(BrowserKind.EDGE, 1));

    assertThat(json).isEqualTo("{\"edge\":1}");
    assertThat((Object) BallastJson.mapper().readValue(json, type))
        .isEqualTo(java.util.Map.of(BrowserKind.EDGE, 1));
  }

  private static String compact(String json) throws IOException {
    return BallastJson.mapper().readTree(json).toString();
  }
}
