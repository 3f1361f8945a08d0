package dev.ballast.dispatch;

import static dev.ballast.dispatch.Examples.job;
import static dev.ballast.dispatch.Examples.model;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.AttemptId;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.TestModel;
import dev.ballast.model.WorkerId;
import org.junit.jupiter.api.Test;

/** Short tasks are handed out before a slot is free for them. */
class PrefetchTest {
  private static final TestModel SHORT = model("short", ModelFamily.AUDIO);
  private static final TestModel LONG = model("long", ModelFamily.VISION);

  private final TestingDispatch dispatch =
      new TestingDispatch()
          .withWorker("w1", BrowserKind.CHROMIUM, 1)
          .withWorker("w2", BrowserKind.FIREFOX, 1);

  @Test
  void aTaskGoesToTheBrowserWhereASlotComesFreeFirst() {
    running(LONG, BrowserKind.CHROMIUM, "w1", 900);
    running(SHORT, BrowserKind.FIREFOX, "w2", 300);

    String uid = dispatch.submit(job("next").models(SHORT));

    assertThat(dispatch.task(uid, 0))
        .isInstanceOfSatisfying(
            TaskState.Bound.class,
            bound -> assertThat(bound.worker()).isEqualTo(new WorkerId("w2")));
  }

  @Test
  void nothingIsHandedOutBehindATaskThatRunsOnForLong() {
    running(LONG, BrowserKind.CHROMIUM, "w1", 5_000);
    running(SHORT, BrowserKind.FIREFOX, "w2", 300);

    String uid = dispatch.submit(job("next").models(SHORT).browsers(BrowserKind.CHROMIUM));

    assertThat(dispatch.task(uid, 0)).isInstanceOf(TaskState.Waiting.class);
  }

  /** One that is known to take so long. */
  private void running(TestModel model, BrowserKind kind, String worker, double millis) {
    for (int i = 0; i < 8; i++) {
      start(model, kind, worker, "known " + i);
      dispatch.worker(worker).finish(running(worker), Outcome.SUCCEEDED, dispatch.now(), millis);
      dispatch.sync(worker);
    }
    start(model, kind, worker, "now");
  }

  private void start(TestModel model, BrowserKind kind, String worker, String name) {
    dispatch.submit(job(model.name() + " " + name).models(model).browsers(kind));
    dispatch.start(worker);
    assertThat(dispatch.worker(worker).running()).hasSize(1);
  }

  private AttemptId running(String worker) {
    return dispatch.worker(worker).running().getFirst().attempt();
  }
}
