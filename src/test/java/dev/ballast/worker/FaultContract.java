package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.WaitReason;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.JobView;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelInput;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TestModel;
import dev.ballast.worker.browser.BrowserProcesses;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every kind of browser must make of a fault. Each is injected into the first attempt of a
 * task; that must end in its outcome within 5 s of the event, and the second attempt must succeed
 * in the same worker, because its browser goes on or was revived.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Stations.class)
abstract class FaultContract implements Stations.OfKind {
  private static final Duration DETECTED = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(30);

  /** SHA-256 of the shipped model that the tests serve as the user's own. */
  private static final String CLS =
      "491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640";

  TestingStation station;
  BrowserProcesses processes;

  @BeforeAll
  void take(TestingStation shared) {
    station = shared;
    processes = BrowserProcesses.of(kind());
  }

  @Test
  void aKilledRendererIsACrashAndOtherTasksGoOn() throws Exception {
    String neighbour = station.submit(job("neighbour", page("await gate('neighbour')"), LONG));
    station.site().awaitAt("neighbour");
    String uid =
        station.submit(
            job(
                "renderer-killed",
                page(
                    "console.log('on the edge');"
                        + BrowserProcesses.MARK
                        + "await gate('renderer')"),
                LONG));
    station.site().awaitAt("renderer");

    Instant killed = Instant.now();
    List<ProcessHandle> victims = processes.marked();
    victims.forEach(ProcessHandle::destroyForcibly);

    assertThat(victims).hasSize(1);
    AttemptResult first = first(uid, killed, Outcome.CRASHED, "page-crashed");
    assertThat(station.report(first).evidence().console()).contains("on the edge");
    succeededIn(2, uid);
    station.site().open("neighbour");
    succeededIn(1, neighbour);
  }

  @Test
  void aKilledBrowserIsACrashAndAnotherTakesItsPlace() throws Exception {
    String uid = station.submit(job("browser-killed", page("await gate('browser')"), LONG));
    station.site().awaitAt("browser");
    String instance = station.lastRequest().browser().instance();

    Instant killed = Instant.now();
    processes.main().forEach(ProcessHandle::destroyForcibly);

    first(uid, killed, Outcome.CRASHED, "browser-lost");
    succeededIn(2, uid);
    assertThat(station.attempts(uid, 2).getLast().result().browser().instance())
        .isNotEqualTo(instance);
  }

  @Test
  void anEndlessLoopHangsAndOtherTasksGoOn() throws Exception {
    String neighbour = station.submit(job("beside", page("await gate('beside')"), LONG));
    station.site().awaitAt("beside");
    String loop = "await gate('loop'); while (true);";
    String uid = station.submit(job("endless-loop", page(loop), SHORT));
    station.site().awaitAt("loop");
    station.site().open("loop");
    station.site().open("beside");

    succeededIn(1, neighbour);
    assertThat(station.end(neighbour).endedAt().orElseThrow())
        .isBefore(station.attempts(uid, 1).getFirst().at());
    first(uid, null, Outcome.HUNG, "page-hung");
    succeededIn(2, uid);
  }

  @Test
  void afterRepeatedFaultsOneRealTaskDecidesWhetherTheBrowserIsSound() throws Exception {
    var breaker = new DispatchSettings.BreakerSettings(1, 2, Duration.ofSeconds(1));
    station.withBreaker(
        breaker,
        () -> {
          String fault = "say({type: 'error', code: 'device-lost', message: 'gone'}); return;";
          for (int number = 1; number <= 2; number++) {
            String uid = station.submit(job("sick-" + number, page(fault), LONG, 0));
            assertThat(station.end(uid).counts().failed()).isEqualTo(1);
          }
          String uid = station.submit(job("probe", page(""), LONG, 0));
          JobView waiting = station.dispatch().job(uid).orElseThrow();
          assertThat(waiting.tasks().getFirst().waitReason())
              .hasValueSatisfying(
                  reason -> assertThat(reason).isInstanceOf(WaitReason.AllBreakersOpen.class));
          succeededIn(1, uid);
          theBrowserGoesOn();
        });
  }

  @Test
  void aPageThatNeverAnswersTimesOutAndSaysWhatItDidInstead() throws Exception {
    String fault =
        "report({type: 'done'}); setTimeout(() => { throw new Error('late') }); await new"
            + " Promise(() => {})";
    String uid = station.submit(job("never-answers", page(fault), SHORT));

    AttemptResult first = first(uid, null, Outcome.TIMED_OUT, "timeout");

    assertThat(first.message())
        .startsWith("not finished")
        .contains("1 message(s) without the attempt's nonce were refused")
        .contains("uncaught", "late");
    anImageAndTheConsole(first, "late");
    succeededIn(2, uid);
  }

  @Test
  void aServerThatNeverAnswersTimesOut() throws Exception {
    ModelSource page = new ModelSource.Page(station.site().address("/never/page"));

    String uid = station.submit(job("never-loads", page, SHORT, 0));

    AttemptResult first = first(uid, null, Outcome.TIMED_OUT, "page-not-loaded");
    assertThat(first.message()).contains("/never/page did not load");
    theBrowserGoesOn();
  }

  @Test
  void aModelServerThatNeverAnswersTimesOut() throws Exception {
    var model = new ModelSource.Remote(station.site().address("/never/model"), "0".repeat(64));

    String uid = station.submit(job("never-arrives", model, SHORT, 0));

    AttemptResult first = first(uid, null, Outcome.TIMED_OUT, "timeout");
    assertThat(first.message()).contains("the model's bytes did not arrive");
    theBrowserGoesOn();
  }

  @Test
  void aPageThatThrowsFailsAtOnceWithItsConsoleAndAScreenshot() throws Exception {
    String fault = "console.error('about to break'); throw new TypeError('it broke')";
    String uid = station.submit(job("page-throws", page(fault), LONG));

    AttemptResult first = first(uid, null, Outcome.FAILED, "page-error");

    assertThat(first.message()).isEqualTo("TypeError: it broke");
    anImageAndTheConsole(first, "about to break", "uncaught TypeError: it broke");
    succeededIn(2, uid);
  }

  @Test
  void aPageThatRunsOutOfMemoryIsToldFromACrash() throws Exception {
    String fault =
        "await gate('memory'); globalThis.kept = [];"
            + " for (;;) kept.push(new Array(100000).fill(Math.random()));";
    String uid = station.submit(job("out-of-memory", page(fault), LONG));
    station.site().awaitAt("memory");
    limitMemory();

    Instant opened = Instant.now();
    station.site().open("memory");

    first(uid, opened, Outcome.OUT_OF_MEMORY, "out-of-memory");
    unlimitMemory();
    succeededIn(2, uid);
  }

  /** Where the browser needs more than the station's arguments to run out of memory soon. */
  void limitMemory() throws Exception {}

  void unlimitMemory() throws Exception {}

  @Test
  void aModelWhoseBytesAreWrongFailsUntilTheyAreRight() throws Exception {
    station.site().serve("/once-corrupt.onnx", "no model at all".getBytes(StandardCharsets.UTF_8));
    var model = new ModelSource.Remote(station.site().address("/once-corrupt.onnx"), CLS);
    String uid = station.submit(job("corrupt", model, LONG));

    AttemptResult first = first(uid, null, Outcome.FAILED, "sha256-mismatch");

    assertThat(first.message()).contains("not the promised " + CLS);
    station.site().serve("/once-corrupt.onnx", TestingSite.shippedModel("ppocr-cls.onnx"));
    succeededIn(2, uid);
  }

  @Test
  void aModelThatIsNotThereFails() throws Exception {
    var model = new ModelSource.Remote(station.site().address("/absent.onnx"), "1".repeat(64));

    String uid = station.submit(job("absent", model, LONG, 0));

    AttemptResult first = first(uid, null, Outcome.FAILED, "model-not-found");
    assertThat(first.message()).endsWith("/absent.onnx answered 404");
    theBrowserGoesOn();
  }

  @Test
  void aModelWhoseFirstRunFailsStaysLoadedAndIsCounted() throws Exception {
    station.site().serve("/cls.onnx", TestingSite.shippedModel("ppocr-cls.onnx"));
    var source = new ModelSource.Remote(station.site().address("/cls.onnx"), CLS);
    var wrong = List.of(new ModelInput("x", "float32", List.of(2, 2), "zeros"));
    var model = new TestModel("misfit", ModelFamily.VISION, source, wrong);

    String uid = station.submit(job(model, run(LONG, RunOptions.Isolation.SHARED), 0, List.of()));

    first(uid, null, Outcome.FAILED, "run-failed");
    Awaitility.await()
        .atMost(TestingStation.SOON)
        .until(() -> station.lastRequest().metrics().residentModels().contains("misfit|wasm"));
  }

  @Test
  void aTaskThatFailsOnItsBackendGoesToItsFallback() throws Exception {
    ModelSource page = page("if (job.backend === 'webgpu') throw new Error('not on this one');");

    List<AttemptResult> attempts =
        station.run(
            job(
                new TestModel("fallback", ModelFamily.OTHER, page, List.of()),
                run(LONG, RunOptions.Isolation.SHARED),
                0,
                List.of(Backend.WASM),
                Backend.WEBGPU));

    assertThat(attempts)
        .extracting(AttemptResult::outcome)
        .containsExactly(Outcome.FAILED, Outcome.SUCCEEDED);
    assertThat(attempts.getLast().backend().actual()).isEqualTo(Backend.WASM);
  }

  @Test
  void aTaskIsCancelledWhileItWaitsForTheTurn() throws Exception {
    try (var held = station.turn().take(LONG).orElseThrow()) {
      String uid =
          station.submit(
              job(
                  new TestModel("waits", ModelFamily.OTHER, page(""), List.of()),
                  run(LONG, RunOptions.Isolation.EXCLUSIVE),
                  0,
                  List.of()));
      cancelWhileRunning(uid);
    }
    theBrowserGoesOn();
  }

  @Test
  void aTaskIsCancelledWhileItsPageLoads() throws Exception {
    ModelSource page = new ModelSource.Page(station.site().address("/never/loads"));
    String uid = station.submit(job("cancelled", page, LONG, 0));

    cancelWhileRunning(uid);
    theBrowserGoesOn();
  }

  private void cancelWhileRunning(String uid) throws Exception {
    Awaitility.await()
        .atMost(TestingStation.SOON)
        .until(() -> station.dispatch().job(uid).orElseThrow().counts().running() == 1);

    Instant cancelled = Instant.now();
    station.dispatch().cancel(uid).get();

    Awaitility.await()
        .atMost(DETECTED)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> station.lastRequest().started().isEmpty());
    print("cancelled", "-", "-", Duration.between(cancelled, Instant.now()));
  }

  @Test
  void aPageThatSaysNonsenseDoesNotBreakItsSlot() throws Exception {
    String fault =
        "say({type: 'samples', samples: [1, 1], actualBackend: 'no such\\nthing'}); say({type:"
            + " 'done'}); return;";
    String uid = station.submit(job("nonsense", page(fault), LONG));

    first(uid, null, Outcome.FAILED, "worker-error");
    succeededIn(2, uid);
  }

  // ---------------------------------------------------------------- what all of them share

  /**
   * The first attempt of a job, which must have ended so within 5 s of the event; of its time-out,
   * or of its start if it has failed by itself, where there is no other event.
   */
  AttemptResult first(String uid, Instant event, Outcome outcome, String code) {
    TestingStation.Ended first = station.attempts(uid, 1).getFirst();
    AttemptResult result = first.result();
    assertThat(result.outcome()).as(result.message()).isEqualTo(outcome);
    assertThat(result.code()).isEqualTo(code);
    Instant from =
        event != null
            ? event
            : outcome == Outcome.TIMED_OUT || outcome == Outcome.HUNG
                ? result.startedAt().plus(SHORT)
                : result.startedAt();
    Duration detected = Duration.between(from, first.at());
    print(result.job(), outcome.label(), code, detected);
    assertThat(detected).isBetween(Duration.ZERO, DETECTED);
    return result;
  }

  private void print(String fault, String outcome, String code, Duration detected) {
    System.out.printf(
        "fault %-9s %-16s %-14s %-16s told after %5d ms%n",
        kind(), fault, outcome, code, detected.toMillis());
  }

  /** The job succeeded with so many attempts, and each of them was counted once. */
  void succeededIn(int attempts, String uid) {
    JobView job = station.end(uid);
    List<TestingStation.Ended> ended = station.attempts(uid, attempts);
    assertThat(job.counts().succeeded()).as("%s", ended).isEqualTo(1);
    assertThat(ended).hasSize(attempts);
    assertThat(ended)
        .filteredOn(one -> one.result().outcome() == Outcome.SUCCEEDED)
        .singleElement()
        .isSameAs(ended.getLast());
  }

  private void anImageAndTheConsole(AttemptResult result, String... printed) {
    AttemptReport.Evidence evidence = station.report(result).evidence();
    assertThat(evidence.console()).contains(printed);
    assertThat(Base64.getDecoder().decode(evidence.screenshot())).startsWith(0x89, 'P', 'N', 'G');
  }

  void theBrowserGoesOn() throws Exception {
    succeededIn(1, station.submit(job("healthy", page(""), LONG)));
  }

  ModelSource page(String fault) {
    return station.site().page(fault);
  }

  JobSpec job(String name, ModelSource source, Duration timeout) {
    return job(name, source, timeout, 1);
  }

  JobSpec job(String name, ModelSource source, Duration timeout, int retries) {
    var model = new TestModel(name, ModelFamily.OTHER, source, List.of());
    return job(model, run(timeout, RunOptions.Isolation.SHARED), retries, List.of());
  }

  static RunOptions run(Duration timeout, RunOptions.Isolation isolation) {
    return new RunOptions(1, 3, 5, 0.5, Duration.ofMillis(200), timeout, isolation);
  }

  JobSpec job(
      TestModel model, RunOptions run, int retries, List<Backend> fallbacks, Backend... backend) {
    return new JobSpec(
        "default",
        model.name(),
        Map.of(),
        0,
        1,
        OptionalInt.empty(),
        false,
        List.of(model),
        backend.length == 0 ? List.of(Backend.WASM) : List.of(backend),
        List.of(),
        1,
        run,
        Requirements.NONE,
        retries,
        OptionalInt.empty(),
        Optional.empty(),
        fallbacks);
  }
}
