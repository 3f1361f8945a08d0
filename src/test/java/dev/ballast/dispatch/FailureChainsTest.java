package dev.ballast.dispatch;

import static dev.ballast.dispatch.Examples.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.DispatchSettings.BreakerSettings;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Outcome;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a task after each kind of failure. */
class FailureChainsTest {
  private static final BrowserKind CHROMIUM = BrowserKind.CHROMIUM;
  private static final long GIB = 1L << 30;

  private final TestingDispatch dispatch = new TestingDispatch();

  @Test
  void aTaskThatTakesOneWorkerAfterTheOtherDownIsStopped() {
    String uid = dispatch.submit(job("poison").retries(100));
    for (int lost = 1; lost <= 3; lost++) {
      String name = "w" + lost;
      dispatch.withWorker(name, CHROMIUM, 1).start(name);
      dispatch.command(ticket -> new Command.WorkerGone(ticket, new WorkerId(name)));
    }

    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.FAILED);
    assertThat(dispatch.results())
        .extracting(AttemptResult::code)
        .containsExactly("worker-lost", "worker-lost", "poison-task");
    assertThat(dispatch.results())
        .extracting(AttemptResult::outcome)
        .containsOnly(Outcome.WORKER_LOST);
    assertThat(dispatch.results().getLast().message()).contains("3. worker");
  }

  @Test
  void lossesAreRememberedOverARestart() {
    String uid = dispatch.submit(job("poison"));
    for (int lost = 1; lost <= 3; lost++) {
      String name = "w" + lost;
      dispatch.withWorker(name, CHROMIUM, 1).start(name);
      dispatch.command(ticket -> new Command.WorkerGone(ticket, new WorkerId(name)));
      dispatch.restart();
    }

    assertThat(dispatch.job(uid).state()).isEqualTo(JobState.FAILED);
  }

  @Test
  void aDrainThatRanOutOfTimeSaysNothingAgainstItsTask() {
    String uid = dispatch.submit(job("j"));
    for (int lost = 1; lost <= 4; lost++) {
      String name = "w" + lost;
      dispatch.withWorker(name, CHROMIUM, 1).start(name);
      dispatch.command(ticket -> new Command.DrainWorker(ticket, new WorkerId(name)));
      dispatch.command(ticket -> new Command.WorkerGone(ticket, new WorkerId(name)));
    }

    assertThat(dispatch.results()).extracting(AttemptResult::code).containsOnly("drain-timeout");
    assertThat(dispatch.job(uid).counts().waiting()).isEqualTo(1);
  }

  @Test
  void aTaskThatRanOutOfMemoryGoesToALargerBrowser() {
    dispatch.withWorker(sized("a-small", GIB));
    String uid = dispatch.submit(job("large").retries(2));
    dispatch.start("a-small");
    dispatch.withWorker(sized("b-small", GIB)).withWorker(sized("c-large", 4 * GIB));

    dispatch.finish("a-small", Outcome.OUT_OF_MEMORY);
    dispatch.pass(Duration.ofSeconds(1), "a-small", "b-small", "c-large");

    assertThat(dispatch.task(uid, 0))
        .isInstanceOfSatisfying(
            TaskState.Bound.class,
            bound -> assertThat(bound.worker()).isEqualTo(new WorkerId("c-large")));
  }

  @Test
  void whereNoBrowserIsLargerItIsTriedInOneOfTheSameSize() {
    dispatch.withWorker(sized("a", GIB));
    String uid = dispatch.submit(job("large").retries(1));
    dispatch.start("a");
    dispatch.finish("a", Outcome.OUT_OF_MEMORY);

    dispatch.pass(Duration.ofSeconds(1), "a");

    assertThat(dispatch.task(uid, 0)).isInstanceOf(TaskState.Bound.class);
  }

  @Test
  void theBreakersOfAPoolOpenByItsOwnSettings() {
    dispatch.withWorker("w1", CHROMIUM, 4);
    dispatch.command(ticket ->
        new Command.SetBreaker(
            ticket, CHROMIUM + "-pool", new BreakerSettings(1, 2, Duration.ofSeconds(5))));
    dispatch.submit(job("sick").repetitions(2));
    dispatch.start("w1");

    dispatch.finish("w1", Outcome.CRASHED);
    assertThat(dispatch.dispatch().workers().getFirst().breaker()).isEqualTo("closed");
    dispatch.finish("w1", Outcome.CRASHED);

    assertThat(dispatch.dispatch().workers().getFirst().breaker()).isEqualTo("open");
    dispatch.pass(Duration.ofSeconds(5), "w1");
    assertThat(dispatch.dispatch().workers().getFirst().breaker()).isEqualTo("half-open");
  }

  private static TestingWorker sized(String name, long memoryBytes) {
    return new TestingWorker(
        name, "pool", Map.of(), CHROMIUM, 1, List.of(Backend.WASM), true, memoryBytes);
  }
}
