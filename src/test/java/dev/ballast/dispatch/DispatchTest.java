package dev.ballast.dispatch;

import static dev.ballast.dispatch.Examples.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.WaitReason;
import dev.ballast.dispatch.Command.JobChange;
import dev.ballast.dispatch.DispatchSettings.BreakerSettings;
import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Requirements;
import dev.ballast.model.Requirements.HardwareAcceleration;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.TaskId;
import dev.ballast.model.Verdict;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DispatchTest {
  private static final BrowserKind CHROMIUM = BrowserKind.CHROMIUM;
  private static final BrowserKind FIREFOX = BrowserKind.FIREFOX;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TestingDispatch dispatch = new TestingDispatch();

  @Test
  void aJobRunsToItsEnd() {
    dispatch.withWorker("w1", CHROMIUM, 2);
    String uid = dispatch.submit(job("j").repetitions(5));

    dispatch.runAll("w1");

    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
    assertThat(dispatch.job(uid).counts().succeeded()).isEqualTo(5);
    assertThat(dispatch.job(uid).reason()).contains("CompletionsReached");
    assertThat(dispatch.worker("w1").unacknowledged()).isEmpty();
  }

  @Test
  void anUnfinishedNameIsRefusedAndAFinishedOneIsANewRun() {
    String first = dispatch.submit(job("j"));
    assertThatThrownBy(() -> dispatch.submit(job("j")))
        .isInstanceOfSatisfying(
            DispatchException.class,
            e -> assertThat(e.code()).isEqualTo(DispatchException.Code.JOB_UNFINISHED));

    dispatch.cancel(first);

    assertThat(dispatch.submit(job("j"))).isNotEqualTo(first);
  }

  // ---------------------------------------------------------------- drain

  @Test
  void aRunningTaskIsNeverRevokedByADrain() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.start("w1");

    dispatch.command(ticket -> new Command.DrainWorker(ticket, new WorkerId("w1")));
    SyncResponse told = dispatch.sync("w1");

    assertThat(told.drain()).isTrue();
    assertThat(told.revocations()).isEmpty();
    assertThat(told.cancellations()).isEmpty();
    assertThat(dispatch.task(uid, 0)).isInstanceOf(TaskState.Running.class);
    dispatch.finish("w1", Outcome.SUCCEEDED);
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void aBoundTaskIsBoundElsewhereOnlyAfterItsWorkerGaveItBack() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.sync("w1");
    dispatch.withWorker("w2", CHROMIUM, 1);

    dispatch.command(ticket -> new Command.DrainWorker(ticket, new WorkerId("w1")));
    assertThat(dispatch.sync("w2").assignments()).isEmpty();
    SyncResponse told = dispatch.sync("w1");
    assertThat(told.revocations()).containsExactly(attempt(uid, 0, 1));
    assertThat(dispatch.sync("w2").assignments()).isEmpty();

    dispatch.sync("w1");

    assertThat(dispatch.sync("w2").assignments())
        .extracting(Assignment::attempt)
        .containsExactly(attempt(uid, 0, 2));
  }

  @Test
  void aTaskThatStartedBeforeItsRevocationArrivedRunsOn() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.sync("w1");
    dispatch.command(ticket -> new Command.DrainWorker(ticket, new WorkerId("w1")));

    dispatch.worker("w1").startAll();
    SyncResponse told = dispatch.sync("w1");

    assertThat(told.revocations()).isEmpty();
    assertThat(dispatch.task(uid, 0)).isInstanceOf(TaskState.Running.class);
  }

  @Test
  void whatWasNeverHandedOutMovesAtOnce() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.withWorker("w2", CHROMIUM, 1);

    dispatch.command(ticket -> new Command.DrainWorker(ticket, new WorkerId("w1")));

    assertThat(dispatch.task(uid, 0))
        .isInstanceOfSatisfying(
            TaskState.Bound.class,
            bound -> assertThat(bound.worker()).isEqualTo(new WorkerId("w2")));
  }

  // ---------------------------------------------------------------- fencing

  @Test
  void aResultIsAcceptedOnce() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.start("w1");
    dispatch.worker("w1").finish(attempt(uid, 0, 1), Outcome.SUCCEEDED, dispatch.now(), 100);
    SyncRequest request = dispatch.worker("w1").request(0);

    dispatch.send(request);
    SyncResponse again = dispatch.deliver("w1", request);

    assertThat(again.acknowledged()).containsExactly(attempt(uid, 0, 1));
    assertThat(dispatch.results()).hasSize(1);
    assertThat(dispatch.dispatch().refusedResults()).isEqualTo(1);
  }

  @Test
  void aResultFromAWorkerThatDoesNotHoldTheLeaseIsVoid() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.start("w1");
    dispatch.withWorker("w2", CHROMIUM, 1);
    dispatch.worker("w1").finish(attempt(uid, 0, 1), Outcome.SUCCEEDED, dispatch.now(), 100);
    List<AttemptReport> reports = dispatch.worker("w1").unacknowledged();
    SyncRequest foreign = dispatch.worker("w2").request(0);

    SyncResponse told =
        dispatch.deliver("w2", Variants.of(foreign, foreign.started(), true, reports));

    assertThat(told.acknowledged()).containsExactly(attempt(uid, 0, 1));
    assertThat(dispatch.results()).isEmpty();
  }

  @Test
  void anAttemptOfAnOlderEpochIsRefusedAndStopped() {
    dispatch.withWorker("w1", CHROMIUM, 2);
    String uid = dispatch.submit(job("j").repetitions(2));
    dispatch.start("w1");
    dispatch.worker("w1").finish(attempt(uid, 0, 1), Outcome.SUCCEEDED, dispatch.now(), 100);

    dispatch.restart();
    SyncResponse told = dispatch.sync("w1");

    assertThat(told.epoch()).isEqualTo(2);
    assertThat(told.acknowledged()).containsExactly(attempt(uid, 0, 1));
    assertThat(told.cancellations()).containsExactly(attempt(uid, 1, 1));
    assertThat(dispatch.results()).isEmpty();
    dispatch.runAll("w1");
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
    assertThat(dispatch.results()).extracting(AttemptResult::epoch).containsOnly(2L);
    assertThat(dispatch.results()).extracting(AttemptResult::attempt).containsOnly(2);
  }

  @Test
  void anOlderExchangeIsRefused() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    SyncRequest old = dispatch.worker("w1").request(0);
    dispatch.sync("w1");

    assertThat(dispatch.send(old))
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo(DispatchException.Code.STALE_SYNC));
  }

  @Test
  void theLateResultOfALostWorkerIsVoid() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.start("w1");
    dispatch.worker("w1").finish(attempt(uid, 0, 1), Outcome.SUCCEEDED, dispatch.now(), 100);
    dispatch.pass(Duration.ofSeconds(6));

    SyncResponse told = dispatch.sync("w1");

    assertThat(told.acknowledged()).containsExactly(attempt(uid, 0, 1));
    assertThat(dispatch.results())
        .extracting(AttemptResult::outcome)
        .containsExactly(Outcome.WORKER_LOST);
  }

  @Test
  void anAnswerThatWasLostIsGivenAgain() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.send(dispatch.worker("w1").request(0));

    SyncResponse again = dispatch.sync("w1");

    assertThat(again.assignments())
        .extracting(Assignment::attempt)
        .containsExactly(attempt(uid, 0, 1));
  }

  // ---------------------------------------------------------------- losses and retries

  @Test
  void theTaskOfALostWorkerRunsElsewhereUncounted() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j").retries(0));
    dispatch.start("w1");
    dispatch.withWorker("w2", CHROMIUM, 1);

    dispatch.pass(Duration.ofSeconds(6), "w2");

    assertThat(dispatch.results())
        .singleElement()
        .satisfies(result -> {
          assertThat(result.outcome()).isEqualTo(Outcome.WORKER_LOST);
          assertThat(result.worker()).isEqualTo("w1");
          assertThat(result.browser()).isNotNull();
        });
    dispatch.runAll("w2");
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void aRestartedWorkerHasLostWhatItRan() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.start("w1");

    dispatch.worker("w1").restart();
    dispatch.sync("w1");

    assertThat(dispatch.results())
        .extracting(AttemptResult::outcome)
        .containsExactly(Outcome.WORKER_LOST);
    dispatch.runAll("w1");
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void aRunThatItsWorkerForgotIsLost() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    dispatch.submit(job("j"));
    dispatch.start("w1");

    dispatch.deliver("w1", forgetting(dispatch.worker("w1").request(0)));
    assertThat(dispatch.results()).isEmpty();
    for (int i = 0; i < 6; i++) {
      dispatch.pass(SECOND);
      dispatch.deliver("w1", forgetting(dispatch.worker("w1").request(0)));
    }

    assertThat(dispatch.results())
        .extracting(AttemptResult::outcome)
        .containsExactly(Outcome.WORKER_LOST);
  }

  @Test
  void whoeverSleptItWasNotTheWorkers() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.start("w1");

    dispatch.dispatch().handle(new Command.Tick(), dispatch.now().plusSeconds(20));

    assertThat(dispatch.task(uid, 0)).isInstanceOf(TaskState.Running.class);
  }

  @Test
  void aTaskIsRetriedElsewhereAfterItsBackoff() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j").retries(1));
    dispatch.start("w1");
    dispatch.withWorker("w2", CHROMIUM, 1);

    dispatch.finish("w1", Outcome.CRASHED);
    assertThat(dispatch.reason(uid, 0)).isInstanceOf(WaitReason.Backoff.class);
    dispatch.pass(Duration.ofMillis(200));

    assertThat(dispatch.task(uid, 0))
        .isInstanceOfSatisfying(
            TaskState.Bound.class,
            bound -> assertThat(bound.worker()).isEqualTo(new WorkerId("w2")));
  }

  @Test
  void whereThereIsNoElsewhereItIsRetriedInPlace() {
    dispatch.withWorker("w1", CHROMIUM, 1).withWorker("w2", FIREFOX, 1);
    String uid = dispatch.submit(job("j").browsers(CHROMIUM).retries(1));
    dispatch.start("w1");

    dispatch.finish("w1", Outcome.CRASHED);
    dispatch.pass(SECOND, "w1", "w2");
    dispatch.runAll("w1");

    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void retriesEndAtTheirLimit() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j").retries(2));

    failUntilDone(uid, "w1");

    assertThat(dispatch.results()).hasSize(3);
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.FAILED);
    assertThat(dispatch.job(uid).reason()).contains("FailedIndexes");
  }

  @Test
  void eachFallbackBackendGetsOneAttemptAfterTheRetries() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid =
        dispatch.submit(
            job("j").backends(Backend.WEBGPU).retries(1).fallbacks(Backend.WEBGPU, Backend.WASM));

    failUntilDone(uid, "w1");

    assertThat(dispatch.results())
        .extracting(result -> result.backend().requested())
        .containsExactly(Backend.WEBGPU, Backend.WEBGPU, Backend.WASM);
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void aRejectedMeasurementStillCompletesItsTask() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));
    dispatch.start("w1");
    Verdict rejected = Verdict.of(EnumSet.of(Verdict.Reason.WRONG_OUTPUT));

    dispatch.worker("w1").finish(attempt(uid, 0, 1), Outcome.SUCCEEDED, dispatch.now(), 100);
    SyncRequest request = dispatch.worker("w1").request(0);
    dispatch.deliver("w1", Variants.judged(request, rejected));

    assertThat(dispatch.results()).extracting(AttemptResult::verdict).containsExactly(rejected);
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void tooManyFailedTasksEndTheJob() {
    dispatch.withWorker("w1", CHROMIUM, 2);
    String uid = dispatch.submit(job("j").repetitions(10).maxFailed(1));
    dispatch.start("w1");
    dispatch.finish("w1", Outcome.FAILED);
    dispatch.start("w1");

    dispatch.finish("w1", Outcome.FAILED);
    SyncResponse told = dispatch.sync("w1");

    assertThat(dispatch.job(uid).reason()).contains("MaxFailedIndexesExceeded");
    assertThat(dispatch.job(uid).counts().dropped()).isEqualTo(8);
    assertThat(dispatch.worker("w1").cancelled()).isNotEmpty();
    assertThat(told.assignments()).isEmpty();
  }

  @Test
  void aJobFailsAtItsDeadline() {
    String uid = dispatch.submit(job("j").deadline(Duration.ofMinutes(1)));

    dispatch.pass(Duration.ofSeconds(59));
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.ACCEPTED);
    dispatch.pass(SECOND);

    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.FAILED);
    assertThat(dispatch.job(uid).reason()).contains("DeadlineExceeded");
  }

  @Test
  void aCancelledJobStopsWhatItRuns() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j").repetitions(3));
    dispatch.start("w1");

    dispatch.cancel(uid);
    SyncResponse told = dispatch.sync("w1");

    assertThat(told.cancellations()).contains(attempt(uid, 0, 1));
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.CANCELLED);
    assertThat(dispatch.job(uid).counts().dropped()).isEqualTo(3);
  }

  @Test
  void aCancelledAttemptFillsItsSlotUntilItsWorkerLetsGo() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String first = dispatch.submit(job("a"));
    dispatch.start("w1");
    dispatch.cancel(first);

    String second = dispatch.submit(job("b"));

    assertThat(dispatch.reason(second, 0)).isEqualTo(new WaitReason.QueuedBehind(0));
    dispatch.sync("w1");
    assertThat(dispatch.sync("w1").assignments()).hasSize(1);
  }

  // ---------------------------------------------------------------- limits

  @Test
  void noMoreThanItsParallelismRunsOfAJob() {
    dispatch.withWorker("w1", CHROMIUM, 8);
    String uid = dispatch.submit(job("j").repetitions(8).parallelism(3));

    assertThat(dispatch.sync("w1").assignments()).hasSize(3);
    assertThat(dispatch.reason(uid, 7)).isEqualTo(new WaitReason.Parallelism(3));
  }

  @Test
  void aSuspendedJobWaitsAndGivesBackWhatIsBound() {
    dispatch.withWorker("w1", CHROMIUM, 2);
    String uid = dispatch.submit(job("j").repetitions(3));
    dispatch.sync("w1");

    change(uid, new JobChange(Optional.of(true), Optional.empty(), Optional.empty()));
    dispatch.sync("w1");
    dispatch.sync("w1");

    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.SUSPENDED);
    assertThat(dispatch.job(uid).counts().waiting()).isEqualTo(3);
    assertThat(dispatch.reason(uid, 0)).isEqualTo(new WaitReason.Suspended());
    change(uid, new JobChange(Optional.of(false), Optional.empty(), Optional.empty()));
    dispatch.runAll("w1");
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void theJobOfHigherPriorityGoesFirst() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String low = dispatch.submit(job("busy").repetitions(3));
    String high = dispatch.submit(job("urgent").priority(5));

    dispatch.runAll("w1");

    List<String> order =
        dispatch.worker("w1").everStarted().stream().map(started -> started.task().job()).toList();
    assertThat(order).startsWith(low, high);
  }

  @Test
  void aWorkerHoldsItsSlotsAndNoMoreWhereTasksAreLong() {
    dispatch.withWorker("w1", CHROMIUM, 2);
    dispatch.submit(job("j").repetitions(10));

    assertThat(dispatch.sync("w1").assignments()).hasSize(2);
  }

  @Test
  void aWorkerHoldsOneMoreThanItsSlotsWhereTasksAreShort() {
    dispatch.withWorker("w1", CHROMIUM, 2);
    dispatch.submit(job("short").repetitions(20));
    dispatch.runAll("w1");

    dispatch.submit(job("j").repetitions(10));

    assertThat(dispatch.sync("w1").assignments()).hasSize(3);
  }

  // ---------------------------------------------------------------- order

  @Test
  void browsersThatAreComparedAdvanceThroughTheSameCells() {
    dispatch.withWorker("c", CHROMIUM, 1).withWorker("f", FIREFOX, 1);
    String uid =
        dispatch.submit(
            job("j")
                .models(
                    Examples.model("vad", ModelFamily.AUDIO),
                    Examples.model("net", ModelFamily.VISION))
                .backends(Backend.WASM, Backend.WEBGPU)
                .browsers(CHROMIUM, FIREFOX)
                .repetitions(3));

    dispatch.runAll("c", "f");

    var spec = dispatch.job(uid).spec();
    assertThat(cells(spec, "c")).hasSize(12).isEqualTo(cells(spec, "f"));
    assertThat(cells(spec, "c").subList(0, 4))
        .containsExactly("vad wasm 0", "vad wasm 1", "vad wasm 2", "vad webgpu 0");
  }

  // ---------------------------------------------------------------- reasons

  @Test
  void aTaskThatNoBrowserCanRunWaitsWithAReason() {
    String uid = dispatch.submit(job("none"));
    assertThat(dispatch.reason(uid, 0)).isEqualTo(new WaitReason.NoPool(Map.of(), 0));

    dispatch.withWorker("w1", CHROMIUM, 1, List.of(Backend.WASM));

    String kind = dispatch.submit(job("kind").browsers(FIREFOX));
    assertThat(dispatch.reason(kind, 0))
        .isEqualTo(new WaitReason.NoBrowser(FIREFOX, List.of(CHROMIUM)));
    String backend = dispatch.submit(job("backend").backends(Backend.WEBGPU));
    assertThat(dispatch.reason(backend, 0))
        .isEqualTo(new WaitReason.NoBackend(Optional.of(Backend.WEBGPU), List.of(Backend.WASM)));
    String pool = dispatch.submit(job("pool").poolSelector(Map.of("gpu", "yes")));
    assertThat(dispatch.reason(pool, 0)).isEqualTo(new WaitReason.NoPool(Map.of("gpu", "yes"), 1));
    String memory =
        dispatch.submit(
            job("memory")
                .requirements(
                    new Requirements(OptionalLong.of(2L << 30), HardwareAcceleration.ANY)));
    assertThat(dispatch.reason(memory, 0))
        .isEqualTo(new WaitReason.MemoryTooSmall(2L << 30, 1L << 30));
    String hardware =
        dispatch.submit(
            job("hardware")
                .requirements(
                    new Requirements(OptionalLong.empty(), HardwareAcceleration.REQUIRED)));
    assertThat(dispatch.reason(hardware, 0)).isEqualTo(new WaitReason.NoHardware(1));
    assertThat(dispatch.job(hardware).counts().onlyUnplaceableRemain()).isTrue();
    assertThat(dispatch.dispatch().decision(backend, 0)).get().isInstanceOf(Decision.Waits.class);
  }

  @Test
  void anUnplaceableTaskRunsOnceItsBrowserJoins() {
    String uid = dispatch.submit(job("j").browsers(FIREFOX));
    dispatch.withWorker("c", CHROMIUM, 1);
    assertThat(dispatch.job(uid).counts().onlyUnplaceableRemain()).isTrue();

    dispatch.withWorker("f", FIREFOX, 1);
    dispatch.runAll("f");

    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void aTaskBehindOthersSaysHowMany() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j").repetitions(4));

    assertThat(dispatch.reason(uid, 3)).isEqualTo(new WaitReason.QueuedBehind(2));
    assertThat(dispatch.job(uid).counts().onlyUnplaceableRemain()).isFalse();
  }

  @Test
  void aDecisionCanBeExplained() {
    dispatch.withWorker("c", CHROMIUM, 1).withWorker("f", FIREFOX, 1);
    String uid = dispatch.submit(job("j"));

    assertThat(dispatch.dispatch().decision(uid, 0).orElseThrow())
        .isInstanceOfSatisfying(
            Decision.Placed.class,
            placed -> {
              assertThat(placed.candidates()).hasSize(2);
              assertThat(placed.chosen()).isEqualTo(placed.candidates().getFirst());
              assertThat(placed.chosen().kind()).isEqualTo(FIREFOX);
            });
  }

  // ---------------------------------------------------------------- breakers

  @Test
  void anOpenBreakerLetsExactlyOneTaskTryAgain() {
    breakQuickly();
    dispatch.withWorker("w1", CHROMIUM, 4);
    String sick = dispatch.submit(job("sick").repetitions(4));
    dispatch.start("w1");
    for (int i = 0; i < 4; i++) {
      dispatch.finish("w1", Outcome.CRASHED);
    }
    assertThat(dispatch.job(sick).state()).isEqualTo(JobState.FAILED);

    String uid = dispatch.submit(job("j").repetitions(4));
    assertThat(dispatch.reason(uid, 0)).isEqualTo(new WaitReason.AllBreakersOpen(1));
    assertThat(dispatch.job(uid).counts().onlyUnplaceableRemain()).isFalse();
    dispatch.pass(Duration.ofSeconds(30), "w1");
    dispatch.start("w1");

    assertThat(dispatch.worker("w1").running()).hasSize(1);
    assertThat(dispatch.dispatch().workers().getFirst().breaker()).isEqualTo("half-open");
    dispatch.finish("w1", Outcome.SUCCEEDED);
    assertThat(dispatch.dispatch().workers().getFirst().breaker()).isEqualTo("closed");
    dispatch.runAll("w1");
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void aProbeThatFailsOpensTheBreakerAgain() {
    breakQuickly();
    dispatch.withWorker("w1", CHROMIUM, 4);
    dispatch.submit(job("sick").repetitions(4));
    dispatch.start("w1");
    for (int i = 0; i < 4; i++) {
      dispatch.finish("w1", Outcome.HUNG);
    }
    String uid = dispatch.submit(job("j").repetitions(2));
    dispatch.pass(Duration.ofSeconds(30), "w1");
    dispatch.start("w1");

    dispatch.finish("w1", Outcome.CRASHED);

    assertThat(dispatch.reason(uid, 1)).isEqualTo(new WaitReason.AllBreakersOpen(1));
  }

  @Test
  void aUsersFailingPageIsNoSickBrowser() {
    breakQuickly();
    dispatch.withWorker("w1", CHROMIUM, 4);
    dispatch.submit(job("wrong").repetitions(4));
    dispatch.start("w1");
    for (int i = 0; i < 4; i++) {
      dispatch.finish("w1", Outcome.FAILED);
    }

    assertThat(dispatch.dispatch().workers().getFirst().breaker()).isEqualTo("closed");
  }

  @Test
  void aSickCombinationOfFamilyAndBackendLeavesTheOthersRunning() {
    breakQuickly();
    dispatch.withWorker("w1", CHROMIUM, 2).withWorker("w2", CHROMIUM, 2);
    dispatch.submit(job("sick").backends(Backend.WEBGPU).repetitions(4));
    for (String name : List.of("w1", "w2")) {
      dispatch.start(name);
      dispatch.finish(name, Outcome.DEVICE_LOST);
      dispatch.finish(name, Outcome.DEVICE_LOST);
    }

    String same = dispatch.submit(job("same").backends(Backend.WEBGPU));
    String other = dispatch.submit(job("other").backends(Backend.WASM));

    assertThat(dispatch.reason(same, 0)).isEqualTo(new WaitReason.AllBreakersOpen(2));
    assertThat(dispatch.task(other, 0)).isInstanceOf(TaskState.Bound.class);
  }

  // ---------------------------------------------------------------- time and answers

  @Test
  void aParkedExchangeIsAnsweredWhenThereIsSomethingForIt() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    long ticket = dispatch.park("w1", 10_000);
    assertThat(dispatch.answered(ticket)).isEmpty();

    dispatch.submit(job("j"));

    assertThat(dispatch.answered(ticket)).isPresent();
    assertThat(dispatch.worker("w1").bound()).hasSize(1);
  }

  @Test
  void aParkedExchangeIsHeldNoLongerThanAHeartbeat() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    long ticket = dispatch.park("w1", 10_000);

    dispatch.pass(Duration.ofMillis(1_999));
    assertThat(dispatch.answered(ticket)).isEmpty();
    dispatch.pass(Duration.ofMillis(1));

    assertThat(dispatch.answered(ticket)).isPresent();
  }

  @Test
  void timeBeforeTheStartIsFilledIn() {
    String uid = dispatch.submit(job("j"));
    dispatch.pass(Duration.ofSeconds(3));
    dispatch.withWorker("w1", CHROMIUM, 1);
    dispatch.pass(Duration.ofMillis(500));
    dispatch.start("w1");
    var startedAt = dispatch.now();
    dispatch.pass(Duration.ofMillis(100));
    dispatch.worker("w1").finish(attempt(uid, 0, 1), Outcome.SUCCEEDED, startedAt, 100);
    dispatch.sync("w1");

    AttemptResult result = dispatch.results().getFirst();
    assertThat(result.phases().queue()).isEqualTo(3_000);
    assertThat(result.phases().placement()).isEqualTo(500);
    assertThat(result.wall()).isEqualTo(3_600);
    assertThat(result.job()).isEqualTo("j");
  }

  @Test
  void aBrowserThatIsBeingRestartedIsWaitedFor() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    dispatch.deliver("w1", unhealthy(dispatch.worker("w1").request(0)));

    String uid = dispatch.submit(job("j"));

    assertThat(dispatch.reason(uid, 0)).isEqualTo(new WaitReason.QueuedBehind(0));
    assertThat(dispatch.sync("w1").assignments()).hasSize(1);
  }

  // ---------------------------------------------------------------- durability

  @Test
  void replayEqualsTheLiveState() {
    dispatch.withWorker("w1", CHROMIUM, 2);
    dispatch.submit(job("a").repetitions(6).retries(1));
    dispatch.start("w1");
    dispatch.finish("w1", Outcome.CRASHED);
    dispatch.finish("w1", Outcome.SUCCEEDED);
    dispatch.start("w1");
    String b = dispatch.submit(job("b").repetitions(3));
    dispatch.cancel(b);

    assertThat(dispatch.replayed().durableState(1)).isEqualTo(dispatch.dispatch().durableState(1));
  }

  @Test
  void unfinishedJobsAreHeldUntilTheyAreResumedByName() {
    dispatch.settings(DispatchSettings.DEFAULTS.holdingUnfinished());
    String uid = dispatch.submit(job("j"));
    dispatch.restart();
    dispatch.withWorker("w1", CHROMIUM, 1);
    assertThat(dispatch.reason(uid, 0)).isEqualTo(new WaitReason.Suspended());

    Reply reply = dispatch.command(ticket -> new Command.ResumeJob(ticket, "default", "j"));

    assertThat(reply)
        .isInstanceOfSatisfying(Reply.Job.class, job -> assertThat(job.uid()).isEqualTo(uid));
    dispatch.runAll("w1");
    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.COMPLETE);
  }

  // ---------------------------------------------------------------- helpers

  private void breakQuickly() {
    dispatch.settings(
        DispatchSettings.DEFAULTS
            .withPrefetch(0)
            .withBreaker(new BreakerSettings(0.5, 4, Duration.ofSeconds(30))));
  }

  private void failUntilDone(String uid, String worker) {
    while (!dispatch.job(uid).state().ended()) {
      dispatch.pass(SECOND, worker);
      dispatch.start(worker);
      if (!dispatch.worker(worker).running().isEmpty()) {
        dispatch.finish(worker, Outcome.FAILED);
      }
    }
  }

  private void change(String uid, JobChange change) {
    dispatch.command(ticket -> new Command.ChangeJob(ticket, uid, change));
  }

  private List<String> cells(dev.ballast.model.JobSpec spec, String worker) {
    return dispatch.worker(worker).everStarted().stream()
        .map(started -> spec.cell(started.task().index()))
        .map(cell ->
            "%s %s %d"
                .formatted(cell.model().name(), cell.backend().orElseThrow(), cell.repetition()))
        .toList();
  }

  private AttemptId attempt(String uid, int index, int number) {
    return new AttemptId(new TaskId(uid, index), number, 1);
  }

  private static SyncRequest forgetting(SyncRequest full) {
    return Variants.of(full, List.of(), full.metrics().healthy(), full.reports());
  }

  private static SyncRequest unhealthy(SyncRequest full) {
    return Variants.of(full, full.started(), false, full.reports());
  }

  /** Requests that differ in one thing. */
  private static final class Variants {
    static SyncRequest judged(SyncRequest full, Verdict verdict) {
      return of(
          full,
          full.started(),
          true,
          full.reports().stream()
              .map(
                  report -> new AttemptReport(Examples.change(report.result(), _ -> verdict), null))
              .toList());
    }

    static SyncRequest of(
        SyncRequest full, List<AttemptId> started, boolean healthy, List<AttemptReport> reports) {
      var metrics = full.metrics();
      return new SyncRequest(
          full.worker(),
          full.incarnation(),
          full.sequence(),
          full.pool(),
          full.poolLabels(),
          full.machine(),
          full.os(),
          full.slots(),
          full.draining(),
          full.browser(),
          full.capability(),
          new dev.ballast.model.BrowserMetrics(
              metrics.utilizationRatio(),
              metrics.memoryBytes(),
              metrics.activeModels(),
              metrics.residentModels(),
              metrics.tasksDone(),
              metrics.age(),
              healthy),
          started,
          full.notStarted(),
          full.returned(),
          reports,
          full.waitMillis());
    }
  }
}
