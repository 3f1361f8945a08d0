package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Capability;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.TestModel;
import dev.ballast.model.Verdict;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every kind of browser must make of a task when all is well, and of what is not its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Stations.class)
abstract class AttemptContract implements Stations.OfKind {
  private TestingStation station;

  @BeforeAll
  void take(TestingStation shared) {
    station = shared;
  }

  TestingStation station() {
    return station;
  }

  @Test
  void aBuiltinModelIsMeasuredAndItsPhasesSumToItsWallTime() throws Exception {
    List<AttemptResult> results =
        station.run(job("vad", new ModelSource.Builtin("silero-vad"), 2, Duration.ofSeconds(60)));

    assertThat(results).hasSize(2);
    for (AttemptResult result : results) {
      assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(result.verdict().level()).isNotEqualTo(Verdict.Level.REJECTED);
      assertThat(result.correctness().reference()).isEqualTo("golden");
      assertThat(result.samples()).hasSizeGreaterThanOrEqualTo(10);
      assertThat(result.phases().total()).isCloseTo(result.wall(), within(0.02 * result.wall()));
      assertThat(result.peakMemoryBytes()).isGreaterThan(50_000_000);
    }
  }

  @Test
  void aModelThatIsLoadedRunsAgainWithoutLoading() throws Exception {
    var source = new ModelSource.Builtin("ppocr-cls");
    JobSpec job = job("cls", source, 3, Duration.ofSeconds(60));

    // Two slots: of three attempts at least one comes second in its window.
    List<AttemptResult> results = station.run(job);

    assertThat(results)
        .filteredOn(result -> Boolean.TRUE.equals(result.warmStart()))
        .isNotEmpty()
        .allSatisfy(
            warm -> assertThat(warm.phases().download() + warm.phases().sessionCreate()).isZero());
  }

  @Test
  void theBrowserIsDescribedByWhatAProbeFoundInIt() {
    SyncRequest said = station.lastRequest();
    Capability found = said.capability();

    assertThat(said.browser().kind().name()).isEqualTo(kind());
    assertThat(said.browser().version()).matches("\\d+(\\.\\d+)+");
    assertThat(found.backends()).contains(Backend.WASM);
    assertThat(found.wasmSimd()).isTrue();
    assertThat(found.wasmThreads()).isTrue();
    assertThat(found.crossOriginIsolated()).isTrue();
    // An isolated page has the fine clock: 5 µs in Chromium, 20 µs in Firefox.
    assertThat(found.timerResolutionMillis().orElseThrow()).isBetween(0.001, 0.05);
    assertThat(found.memoryBytes()).hasValue(TestingStation.MEMORY_BYTES);
  }

  @Test
  void whileATaskRunsTheMetricsTellOfIt() throws Exception {
    long before = station.lastRequest().metrics().tasksDone();
    JobSpec job =
        job(
            "gated",
            station.site().page("await gate('metrics')"),
            1,
            Duration.ofSeconds(60),
            RunOptions.Isolation.SHARED);

    String uid = station.submit(job);
    station.site().awaitAt("metrics");
    BrowserMetrics running = station.metrics(metrics -> metrics.activeModels() == 1);
    station.site().open("metrics");
    station.end(uid);
    BrowserMetrics after = station.metrics(metrics -> metrics.activeModels() == 0);

    assertThat(running.healthy()).isTrue();
    assertThat(running.tasksDone()).isEqualTo(before);
    assertThat(running.utilizationRatio().orElseThrow()).isBetween(Double.MIN_VALUE, 1.0);
    assertThat(running.memoryBytes().orElseThrow()).isGreaterThan(50_000_000);
    assertThat(after.tasksDone()).isEqualTo(before + 1);
    assertThat(after.age()).isGreaterThan(running.age());
  }

  @Test
  void aPageInAFileIsServedAndMeasured() throws Exception {
    AttemptResult result = runPage(TestingSite.HEALTHY);

    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(result.samples()).hasSize(4);
  }

  @Test
  void aResultWithAnotherNonceIsRefused() throws Exception {
    AttemptResult result =
        runPage(
            "report({nonce: 'guessed', type: 'samples', samples: [1, 1]}); report({nonce: 'guessed', type: 'done'})");

    assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(result.message())
        .contains("2 message(s) without the attempt's nonce were refused. Maybe report({nonce: ");
  }

  @Test
  void aModelFileWithOtherBytesIsRefused() throws Exception {
    Path file = Files.writeString(station.folder().resolve("model.onnx"), "no model at all");
    var source = new ModelSource.Remote(file.toUri(), "0".repeat(64));

    AttemptResult result = station.run(job("wrong", source, 1, Duration.ofSeconds(30))).getFirst();

    assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(result.code()).isEqualTo("sha256-mismatch");
  }

  private AttemptResult runPage(String start) throws Exception {
    return station.run(job("page", page(start), 1, Duration.ofSeconds(2))).getFirst();
  }

  private ModelSource page(String start) throws IOException {
    Path file = Files.createTempFile(station.folder(), "page", ".html");
    Files.writeString(
        file,
        """
        <!doctype html><title>page</title><h1>page</h1>
        <script>
          function start(job, report) {
            const say = message => report({nonce: job.nonce, ...message});
            START
          }
        </script>
        """
            .replace("START", start));
    return new ModelSource.Page(URI.create(file.toUri().toString()));
  }

  private static JobSpec job(String name, ModelSource source, int repetitions, Duration timeout) {
    return job(name, source, repetitions, timeout, RunOptions.Isolation.EXCLUSIVE);
  }

  private static JobSpec job(
      String name,
      ModelSource source,
      int repetitions,
      Duration timeout,
      RunOptions.Isolation isolation) {
    RunOptions run = new RunOptions(2, 10, 40, 0.05, Duration.ofSeconds(1), timeout, isolation);
    return new JobSpec(
        "default",
        name,
        Map.of(),
        0,
        1,
        OptionalInt.empty(),
        false,
        List.of(new TestModel(name, ModelFamily.OTHER, source, List.of())),
        List.of(Backend.WASM),
        List.of(),
        repetitions,
        run,
        Requirements.NONE,
        0,
        OptionalInt.empty(),
        Optional.empty(),
        List.of());
  }
}
