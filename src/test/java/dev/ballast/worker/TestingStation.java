package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.DispatchSettings.BreakerSettings;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.JobSpec;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.WorkerId;
import dev.ballast.worker.browser.InstalledBrowser;
import dev.ballast.worker.browser.InstalledBrowsers;
import dev.ballast.worker.browser.LaunchOptions;
import dev.ballast.worker.measure.MachineLoad;
import dev.ballast.worker.measure.MeasureTurn;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A real browser, a real agent with two slots, and a real dispatch between them. */
final class TestingStation implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(60);

  /** What its browser may use, as its owner says. */
  static final long MEMORY_BYTES = 2L << 30;

  private final List<Ended> ended = new CopyOnWriteArrayList<>();
  private final List<AttemptReport> reports = new CopyOnWriteArrayList<>();
  private final PageServer pages = new PageServer();
  private final TestingSite site = new TestingSite();
  private final Path folder;
  private final DispatchLoop ownDispatch;
  private volatile DispatchLoop dispatch;
  private final MeasureTurn turn;
  private final Agent agent;
  private volatile SyncRequest lastRequest;

  /** An attempt that ended, and when that was durable. */
  record Ended(AttemptResult result, Instant at) {}

  private TestingStation(InstalledBrowser browser, Path folder) throws Exception {
    String kind = browser.kind().name();
    this.folder = folder;
    // One browser takes all the faults here; its breaker has a test of its own.
    ownDispatch = dispatch(new BreakerSettings(1, 1000, Duration.ofSeconds(1)));
    dispatch = ownDispatch;
    turn = MeasureTurn.in(folder.resolve("turn"));
    // Pages get little memory, so that one runs out of it soon; Firefox takes no such argument.
    LaunchOptions options =
        LaunchOptions.in(folder.resolve("browsers"))
            .withArguments(
                kind.equals("chromium")
                    ? List.of("--js-flags=--max-old-space-size=192")
                    : List.of());
    WorkerTools tools =
        new WorkerTools(
            pages,
            new ModelShelf(pages, folder.resolve("models"), TestingSite::downloads),
            new MeasuringRoom(turn, MachineLoad.ofThisMachine()));
    AgentSettings settings =
        new AgentSettings(
            new WorkerId(kind + "-1"),
            kind,
            Map.of(),
            "machine",
            "node",
            "os",
            2,
            OptionalLong.of(MEMORY_BYTES),
            1L << 30,
            Duration.ofSeconds(1));
    agent = new Agent(settings, browser.launcher(options), this::sync, pages, tools);
  }

  private DispatchLoop dispatch(BreakerSettings breaker) {
    Profiles profiles = new Profiles(Priors.DEFAULTS);
    DispatchLoop loop =
        new DispatchLoop(
            new TestingJournal(),
            profiles,
            DispatchSettings.DEFAULTS.withBreaker(breaker),
            new DispatchLoop.Ports(
                InstantSource.system(), new Random(1), () -> UUID.randomUUID().toString()));
    loop.listen(event -> {
      if (event instanceof Event.AttemptEnded(AttemptResult result, var _, var _, var _)) {
        ended.add(new Ended(result, Instant.now()));
      }
    });
    return loop;
  }

  /** Runs {@code test} with a controller whose breakers open so; its worker is the same. */
  void withBreaker(BreakerSettings breaker, Step test) throws Exception {
    dispatch = dispatch(breaker);
    try {
      test.run();
    } finally {
      dispatch.close();
      dispatch = ownDispatch;
    }
  }

  /** A part of a test. */
  interface Step {
    void run() throws Exception;
  }

  static TestingStation start(String kind) throws Exception {
    return start(
        InstalledBrowsers.find().stream()
            .filter(found -> found.kind().name().equals(kind))
            .findFirst()
            .orElseThrow());
  }

  static TestingStation start(InstalledBrowser browser) throws Exception {
    TestingStation station = new TestingStation(browser, Files.createTempDirectory("station"));
    station.agent.start();
    station.agent.ready().get(SOON.toSeconds(), TimeUnit.SECONDS);
    return station;
  }

  private CompletableFuture<SyncResponse> sync(SyncRequest request) {
    lastRequest = request;
    reports.addAll(request.reports());
    return dispatch.sync(request);
  }

  TestingSite site() {
    return site;
  }

  DispatchLoop dispatch() {
    return dispatch;
  }

  MeasureTurn turn() {
    return turn;
  }

  Path folder() {
    return folder;
  }

  /** What the worker last told of itself. */
  SyncRequest lastRequest() {
    return lastRequest;
  }

  /** The metrics of the browser, once they are so. */
  BrowserMetrics metrics(Predicate<BrowserMetrics> wanted) {
    return Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> lastRequest.metrics(), wanted);
  }

  AttemptReport report(AttemptResult result) {
    return reports.stream()
        .filter(report -> report.result().attemptId().equals(result.attemptId()))
        .findFirst()
        .orElseThrow();
  }

  String submit(JobSpec job) throws Exception {
    return dispatch.submit(job).get();
  }

  /** The attempts of a job that have ended, in that order, once there are so many. */
  List<Ended> attempts(String uid, int wanted) {
    return Awaitility.await(wanted + " attempts of " + uid)
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> ended.stream().filter(one -> one.result().uid().equals(uid)).toList(),
            found -> found.size() >= wanted);
  }

  /** The job when it has ended. */
  JobView end(String uid) {
    JobView job =
        Awaitility.await("end of " + uid)
            .atMost(SOON)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> dispatch.job(uid).orElseThrow(), view -> view.state().ended());
    assertThat(job.counts().waiting() + job.counts().running()).isZero();
    return job;
  }

  /** Runs a job to its end and returns its attempts, in the order they ended. */
  List<AttemptResult> run(JobSpec job) throws Exception {
    String uid = submit(job);
    end(uid);
    return ended.stream().map(Ended::result).filter(one -> one.uid().equals(uid)).toList();
  }

  /** Ends the browser, and with it all that was started here. */
  @Override
  public void close() {
    agent.close();
    dispatch.close();
    site.close();
    pages.close();
    delete(folder.toFile());
  }

  /** What is still being deleted by others is left to them. */
  private static void delete(File file) {
    File[] children = file.listFiles();
    for (File child : children == null ? new File[0] : children) {
      delete(child);
    }
    if (!file.delete()) {
      file.deleteOnExit();
    }
  }
}
