package dev.ballast.dispatch;

import static dev.ballast.dispatch.Examples.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.AttemptId;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.TaskId;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bound attempt moves as one transaction: asked back, confirmed, bound elsewhere. */
class MovesTest {
  private final TestingDispatch dispatch = new TestingDispatch();
  private String uid = "";

  @BeforeEach
  void aTaskIsBoundAtW1() {
    dispatch.withWorker("w1", BrowserKind.CHROMIUM, 1);
    uid = dispatch.submit(job("j"));
    dispatch.sync("w1");
    dispatch.withWorker("w2", BrowserKind.CHROMIUM, 1);
  }

  @Test
  void itIsBoundElsewhereOnceItsWorkerHasConfirmed() {
    move(1);
    assertThat(dispatch.sync("w1").revocations()).containsExactly(attempt(1));
    assertThat(dispatch.sync("w2").assignments()).isEmpty();

    dispatch.sync("w1");

    assertThat(dispatch.task(uid, 0))
        .isInstanceOfSatisfying(
            TaskState.Bound.class,
            bound -> assertThat(bound.worker()).isEqualTo(new WorkerId("w2")));
    assertThat(dispatch.dispatch().moves()).isEqualTo(new Moves(1, 0, 0));
  }

  @Test
  void askingTwiceIsAskingOnce() {
    move(1);
    move(1);
    dispatch.sync("w1");
    dispatch.sync("w1");

    assertThat(dispatch.dispatch().moves()).isEqualTo(new Moves(1, 0, 0));
  }

  @Test
  void whatStartedMeanwhileStays() {
    move(1);
    dispatch.worker("w1").startAll();

    SyncResponse told = dispatch.sync("w1");

    assertThat(told.revocations()).isEmpty();
    assertThat(told.cancellations()).isEmpty();
    assertThat(dispatch.task(uid, 0)).isInstanceOf(TaskState.Running.class);
    assertThat(dispatch.dispatch().moves()).isEqualTo(new Moves(0, 1, 0));
  }

  @Test
  void aWorkerThatNeverConfirmsIsLetKeepIt() {
    move(1);
    for (int second = 0; second <= 6; second++) {
      dispatch.pass(Duration.ofSeconds(1), "w2");
      // It speaks, but as a worker that has never heard of revocations.
      dispatch.send(dispatch.worker("w1").request(0));
    }

    assertThat(dispatch.dispatch().moves()).isEqualTo(new Moves(0, 0, 1));
    assertThat(dispatch.sync("w1").revocations()).isEmpty();
    dispatch.start("w1");
    assertThat(dispatch.task(uid, 0)).isInstanceOf(TaskState.Running.class);
  }

  @Test
  void whatRunsCannotBeMoved() {
    dispatch.start("w1");

    Reply reply = move(1);

    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo(DispatchException.Code.NOT_BOUND));
  }

  @Test
  void whatWaitsBehindALateTaskMovesToABrowserThatIsFree() {
    TestingDispatch slow = boundBehindAnother();

    slow.pass(Duration.ofSeconds(10), "w1", "w2");

    assertThat(boundAt(slow)).isEqualTo(new WorkerId("w2"));
    assertThat(slow.dispatch().moves()).isEqualTo(new Moves(1, 0, 0));
    // The other one is some seconds late, and will be as late again.
    assertThat(slow.dispatch().secondsSooner(new TaskId(uid, 1)).orElseThrow())
        .isBetween(0.5, 10.0);
    assertThat(slow.dispatch().secondsSooner(new TaskId(uid, 0))).isEmpty();
  }

  @Test
  void whatWillStartSoonStays() {
    TestingDispatch onTime = boundBehindAnother();

    onTime.sync("w1");
    onTime.sync("w2");

    assertThat(onTime.sync("w1").revocations()).isEmpty();
    assertThat(boundAt(onTime)).isEqualTo(new WorkerId("w1"));
  }

  /** Task 0 of the last job runs at w1, task 1 is bound there ahead; then w2 joins and is free. */
  private TestingDispatch boundBehindAnother() {
    TestingDispatch learned = new TestingDispatch().withWorker("w1", BrowserKind.CHROMIUM, 1);
    learned.submit(job("short").repetitions(8));
    learned.runAll("w1");
    uid = learned.submit(job("next").repetitions(2));
    learned.start("w1");
    learned.sync("w1");
    assertThat(boundAt(learned)).isEqualTo(new WorkerId("w1"));
    return learned.withWorker("w2", BrowserKind.CHROMIUM, 1);
  }

  private WorkerId boundAt(TestingDispatch where) {
    return where.task(uid, 1) instanceof TaskState.Bound bound ? bound.worker() : new WorkerId("-");
  }

  private Reply move(int number) {
    return dispatch.command(ticket -> new Command.MoveTask(ticket, attempt(number)));
  }

  private AttemptId attempt(int number) {
    return new AttemptId(new TaskId(uid, 0), number, 1);
  }
}
