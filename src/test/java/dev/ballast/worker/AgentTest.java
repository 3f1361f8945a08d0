package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.Backend;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.TaskId;
import dev.ballast.model.TestModel;
import dev.ballast.model.WorkerId;
import dev.ballast.worker.measure.MachineLoad;
import dev.ballast.worker.measure.MeasureTurn;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker's side of the protocol, with a controller that says what the test says. */
class AgentTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final PageServer pages = new PageServer();
  private final TestingBrowser browser = new TestingBrowser(TestingBrowser::healthy);
  private final LinkedBlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private Agent agent;

  /** An exchange that waits for its answer. */
  private record Asked(SyncRequest request, CompletableFuture<SyncResponse> answer) {}

  private void start() throws Exception {
    MeasureTurn turn = MeasureTurn.in(folder.resolve("turn"));
    WorkerTools tools =
        new WorkerTools(
            pages,
            new ModelShelf(pages, folder.resolve("models"), TestingSite::downloads),
            new MeasuringRoom(turn, MachineLoad.ofThisMachine()));
    AgentSettings settings =
        new AgentSettings(
            new WorkerId("w1"),
            "pool",
            Map.of(),
            "machine",
            "node",
            "os",
            1,
            OptionalLong.empty(),
            1L << 30,
            Duration.ofSeconds(1));
    agent = new Agent(settings, browser, this::ask, pages, tools);
    agent.start();
    agent.ready().get(30, TimeUnit.SECONDS);
  }

  private CompletableFuture<SyncResponse> ask(SyncRequest request) {
    var answer = new CompletableFuture<SyncResponse>();
    asked.add(new Asked(request, answer));
    return answer;
  }

  @AfterEach
  void stop() {
    agent.close();
    pages.close();
  }

  @Test
  void aReportIsSentAgainUntilItIsAcknowledged() throws Exception {
    start();
    Assignment one = assignment(1, "http://127.0.0.1/page");
    next().answer().complete(response(List.of(), List.of(one), List.of()));
    Asked first = nextWithReport();

    first.answer().completeExceptionally(new IOException("the controller is being restarted"));
    Asked again = nextWithReport();
    again.answer().complete(response(List.of(), List.of(), List.of()));
    Asked third = nextWithReport();
    third.answer().complete(response(List.of(one.attempt()), List.of(), List.of()));

    assertThat(reports(first)).containsExactly(one.attempt()).isEqualTo(reports(again));
    assertThat(first.request().reports().getFirst().result().outcome())
        .isEqualTo(Outcome.SUCCEEDED);
    assertThat(reports(third)).isEqualTo(reports(first));
    assertThat(next().request().reports()).isEmpty();
  }

  @Test
  void anAssignmentThatIsRepeatedRunsOnce() throws Exception {
    start();
    Assignment one = assignment(1, "http://127.0.0.1/page");
    next().answer().complete(response(List.of(), List.of(one), List.of()));
    Asked first = nextWithReport();

    first.answer().complete(response(List.of(one.attempt()), List.of(one), List.of()));

    // The exchange that brought the report may have begun while its attempt was just ending.
    Asked after = nextThat(request -> request.reports().isEmpty() && request.started().isEmpty());
    assertThat(after.request().notStarted()).isEmpty();
    assertThat(after.request().metrics().tasksDone()).isEqualTo(1);
  }

  @Test
  void anAttemptThatLoadsItsPageIsCalledOff() throws Exception {
    start();
    Assignment one = assignment(1, "http://127.0.0.1/never");
    next().answer().complete(response(List.of(), List.of(one), List.of()));
    Asked running = nextThat(request -> request.started().contains(one.attempt()));

    running.answer().complete(response(List.of(), List.of(), List.of(one.attempt())));

    AttemptReport report = nextWithReport().request().reports().getFirst();
    assertThat(report.result().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(report.evidence()).isNull();
  }

  @Test
  void anAttemptThatWaitsBehindAnotherIsCalledOffWithoutAReport() throws Exception {
    start();
    Assignment one = assignment(1, "http://127.0.0.1/never");
    Assignment two = assignment(2, "http://127.0.0.1/page");
    next().answer().complete(response(List.of(), List.of(one, two), List.of()));
    Asked running = nextThat(request -> request.notStarted().contains(two.attempt()));

    running.answer().complete(response(List.of(), List.of(), List.of(two.attempt())));

    Asked after = nextThat(request -> !request.notStarted().contains(two.attempt()));
    assertThat(after.request().started()).containsExactly(one.attempt());
    assertThat(after.request().reports()).isEmpty();
    assertThat(after.request().returned()).isEmpty();
  }

  @Test
  void aLostBrowserIsToldAndStartedAgainWithoutATask() throws Exception {
    start();
    String before = next().request().browser().instance();
    var started = new CountDownLatch(1);
    browser.launchesWaitFor(started);

    browser.die();

    Asked ill = nextThat(request -> !request.metrics().healthy());
    assertThat(ill.request().browser().instance()).isEqualTo(before);
    started.countDown();
    ill.answer().complete(response(List.of(), List.of(), List.of()));
    Asked well = nextThat(request -> request.metrics().healthy());
    assertThat(well.request().browser().instance()).isNotEqualTo(before);
    assertThat(browser.launches()).isEqualTo(2);
  }

  @Test
  void aDrainedWorkerEndsWhenItsLastReportIsAcknowledged() throws Exception {
    start();
    Assignment one = assignment(1, "http://127.0.0.1/page");
    next().answer().complete(response(List.of(), List.of(one), List.of()));
    Asked reported = nextWithReport();
    agent.drain();
    reported.answer().complete(response(List.of(), List.of(), List.of()));
    Asked draining = nextWithReport();

    assertThat(agent.ended()).isNotDone();
    draining.answer().complete(response(List.of(one.attempt()), List.of(), List.of()));

    assertThat(agent.ended()).succeedsWithin(SOON);
  }

  // ---------------------------------------------------------------- the controller's part

  private Asked next() throws InterruptedException {
    Asked next = asked.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(next).as("an exchange").isNotNull();
    return next;
  }

  private Asked nextWithReport() throws InterruptedException {
    return nextThat(request -> !request.reports().isEmpty());
  }

  /** Answers what comes before it with nothing. */
  private Asked nextThat(Predicate<SyncRequest> wanted) throws InterruptedException {
    Asked next = next();
    while (!wanted.test(next.request())) {
      next.answer().complete(response(List.of(), List.of(), List.of()));
      next = next();
    }
    return next;
  }

  private static List<AttemptId> reports(Asked asked) {
    return asked.request().reports().stream().map(one -> one.result().attemptId()).toList();
  }

  private static SyncResponse response(
      List<AttemptId> acknowledged, List<Assignment> assignments, List<AttemptId> cancelled) {
    return new SyncResponse(1, acknowledged, assignments, List.of(), cancelled, false, 2000);
  }

  private static Assignment assignment(int index, String page) {
    return new Assignment(
        new AttemptId(new TaskId("job", index), 1, 1),
        "default",
        "job",
        new TestModel("page", ModelFamily.OTHER, new ModelSource.Page(URI.create(page)), List.of()),
        Backend.WASM,
        false,
        new RunOptions(1, 1, 1, 0.5, Duration.ofMillis(100), TIMEOUT, RunOptions.Isolation.SHARED),
        List.of());
  }
}
