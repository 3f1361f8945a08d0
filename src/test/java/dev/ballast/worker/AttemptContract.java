package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.BrowserAware;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JobState;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.TestModel;
import dev.ballast.model.Verdict;
import dev.ballast.model.WorkerId;
import dev.ballast.worker.browser.InstalledBrowser;
import dev.ballast.worker.browser.InstalledBrowsers;
import dev.ballast.worker.browser.LaunchOptions;
import dev.ballast.worker.measure.MachineLoad;
import dev.ballast.worker.measure.MeasureTurn;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every kind of browser must make of a task, be it healthy or not: a real browser, a real
 * agent, a real dispatch between them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AttemptContract {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir static Path folder;

  private final BlockingQueue<AttemptResult> ended = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<AttemptReport> reports = new ConcurrentLinkedQueue<>();
  private final PageServer pages = new PageServer();
  private DispatchLoop dispatch;
  private Agent agent;

  abstract String kind();

  @BeforeAll
  void start() throws Exception {
    Profiles profiles = new Profiles(Priors.DEFAULTS);
    dispatch =
        new DispatchLoop(
            new TestingJournal(),
            profiles,
            new BrowserAware(profiles),
            DispatchSettings.DEFAULTS,
            new DispatchLoop.Ports(
                InstantSource.system(), new Random(1), () -> UUID.randomUUID().toString()));
    dispatch.listen(event -> {
      if (event instanceof Event.AttemptEnded(AttemptResult result, var _, var _)) {
        ended.add(result);
      }
    });
    InstalledBrowser browser =
        InstalledBrowsers.find().stream()
            .filter(found -> found.kind().name().equals(kind()))
            .findFirst()
            .orElseThrow();
    WorkerTools tools =
        new WorkerTools(
            pages,
            new ModelShelf(pages, folder.resolve("models"), Downloads::new),
            new MeasuringRoom(MeasureTurn.in(folder.resolve("turn")), MachineLoad.ofThisMachine()));
    AgentSettings settings =
        new AgentSettings(
            new WorkerId("w1"),
            kind(),
            Map.of(),
            "machine",
            "node",
            "os",
            1,
            OptionalLong.empty(),
            1L << 30,
            Duration.ofSeconds(1));
    agent =
        new Agent(
            settings,
            browser.launcher(LaunchOptions.in(folder.resolve("browsers"))),
            this::sync,
            pages,
            tools);
    agent.start();
    agent.ready().get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private CompletableFuture<SyncResponse> sync(SyncRequest request) {
    reports.addAll(request.reports());
    return dispatch.sync(request);
  }

  @AfterAll
  void stop() {
    agent.close();
    dispatch.close();
    pages.close();
  }

  @Test
  void aBuiltinModelIsMeasuredAndItsPhasesSumToItsWallTime() throws Exception {
    List<AttemptResult> results =
        run(job("vad", new ModelSource.Builtin("silero-vad"), 2, Duration.ofSeconds(60), 0), 2);

    for (AttemptResult result : results) {
      assertThat(result.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(result.verdict().level()).isNotEqualTo(Verdict.Level.REJECTED);
      assertThat(result.correctness().reference()).isEqualTo("golden");
      assertThat(result.samples()).hasSizeGreaterThanOrEqualTo(10);
      assertThat(result.phases().total()).isCloseTo(result.wall(), within(0.02 * result.wall()));
      assertThat(result.peakMemoryBytes()).isGreaterThan(50_000_000);
    }
    AttemptResult warm = results.getLast();
    assertThat(warm.warmStart()).isTrue();
    assertThat(warm.phases().download() + warm.phases().sessionCreate()).isZero();
  }

  @Test
  void aPageThatThrowsFailsWithItsConsoleAndAScreenshot() throws Exception {
    AttemptResult result =
        runPage(
            "console.error('about to break'); report({nonce: job.nonce, type: 'error', code: 'page-error', message: 'it broke'})");

    assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(result.code()).isEqualTo("page-error");
    assertThat(result.message()).isEqualTo("it broke");
    AttemptReport report =
        reports.stream()
            .filter(sent -> sent.result().uid().equals(result.uid()))
            .findFirst()
            .orElseThrow();
    assertThat(report.evidence().console()).contains("about to break");
    assertThat(Base64.getDecoder().decode(report.evidence().screenshot()))
        .startsWith(0x89, 'P', 'N', 'G');
    theBrowserGoesOn();
  }

  @Test
  void aPageThatNeverAnswersTimesOut() throws Exception {
    AttemptResult result = runPage("");

    assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(result.wall()).isBetween(2000.0, 7000.0);
    theBrowserGoesOn();
  }

  @Test
  void aPageInAnEndlessLoopHangs() throws Exception {
    AttemptResult result = runPage("while (true);");

    assertThat(result.outcome()).isEqualTo(Outcome.HUNG);
    assertThat(result.wall()).isBetween(2000.0, 9000.0);
    theBrowserGoesOn();
  }

  @Test
  void aResultWithAnotherNonceIsRefused() throws Exception {
    AttemptResult result =
        runPage(
            "report({nonce: 'guessed', type: 'samples', samples: [1, 1]}); report({nonce: 'guessed', type: 'done'})");

    assertThat(result.outcome()).isEqualTo(Outcome.TIMED_OUT);
    theBrowserGoesOn();
  }

  @Test
  void aModelWithOtherBytesIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("model.onnx"), "no model at all");
    var source = new ModelSource.Remote(file.toUri(), "0".repeat(64));

    AttemptResult result = run(job("wrong", source, 1, Duration.ofSeconds(30), 0), 1).getFirst();

    assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(result.code()).isEqualTo("sha256-mismatch");
    theBrowserGoesOn();
  }

  @Test
  void aKilledBrowserIsACrashAndAnotherTakesItsPlace() throws Exception {
    String kill = "report({nonce: job.nonce, type: 'phase', name: 'download', millis: 1})";
    JobSpec job = job("victim", page(kill), 1, Duration.ofSeconds(30), 0);
    String uid = dispatch.submit(job).get();
    org.awaitility.Awaitility.await()
        .atMost(SOON)
        .until(() -> dispatch.job(uid).orElseThrow().counts().running() == 1);

    killBrowser();

    AttemptResult first = ended.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(first.outcome()).isEqualTo(Outcome.CRASHED);
    theBrowserGoesOn();
  }

  private static void killBrowser() {
    ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(folder.toString()))
        .forEach(ProcessHandle::destroyForcibly);
  }

  private void theBrowserGoesOn() throws Exception {
    AttemptResult healthy =
        runPage(
            "report({nonce: job.nonce, type: 'samples', samples: [1, 1.1, 1, 1.1], discarded: [1]}); report({nonce: job.nonce, type: 'done'})");

    assertThat(healthy.outcome()).as(healthy.message()).isEqualTo(Outcome.SUCCEEDED);
  }

  private AttemptResult runPage(String start) throws Exception {
    return run(job("page", page(start), 1, Duration.ofSeconds(2), 0), 1).getFirst();
  }

  private static ModelSource page(String start) throws IOException {
    Path file = Files.createTempFile(folder, "page", ".html");
    Files.writeString(
        file,
        "<!doctype html><title>page</title><h1>page</h1><script>function start(job, report) { "
            + start
            + " }</script>");
    return new ModelSource.Page(URI.create(file.toUri().toString()));
  }

  /** Runs a job to its end and returns the attempts, in the order they ended. */
  private List<AttemptResult> run(JobSpec job, int attempts) throws Exception {
    ended.clear();
    String uid = dispatch.submit(job).get();
    List<AttemptResult> results = new ArrayList<>();
    while (results.size() < attempts) {
      AttemptResult result = ended.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(result).as("an attempt of " + job.name() + " ends").isNotNull();
      if (result.uid().equals(uid)) {
        results.add(result);
      }
    }
    org.awaitility.Awaitility.await()
        .atMost(SOON)
        .until(() -> dispatch.job(uid).orElseThrow().state() != JobState.RUNNING);
    return results;
  }

  private static JobSpec job(
      String name, ModelSource source, int repetitions, Duration timeout, int retries) {
    RunOptions run =
        new RunOptions(
            2, 10, 40, 0.05, Duration.ofSeconds(1), timeout, RunOptions.Isolation.EXCLUSIVE);
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
        retries,
        OptionalInt.empty(),
        Optional.empty(),
        List.of());
  }
}
