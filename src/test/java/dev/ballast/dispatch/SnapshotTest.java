package dev.ballast.dispatch;

import static dev.ballast.dispatch.Examples.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The state may take the place of its events, and ended jobs do not stay for ever. */
class SnapshotTest {
  private static final BrowserKind CHROMIUM = BrowserKind.CHROMIUM;

  private final TestingDispatch dispatch = new TestingDispatch();

  @Test
  void aSnapshotFoldsToTheSameState() {
    dispatch.withWorker("w1", CHROMIUM, 2);
    String mixed =
        dispatch.submit(job("mixed").repetitions(50).retries(2).backends(Backend.WEBGPU));
    dispatch.start("w1");
    dispatch.finish("w1", Outcome.SUCCEEDED);
    dispatch.finish("w1", Outcome.OUT_OF_MEMORY);
    dispatch.start("w1");
    dispatch.submit(job("ended"));
    String cancelled = dispatch.submit(job("cancelled").repetitions(7));
    dispatch.cancel(cancelled);

    dispatch.journal.snapshot(dispatch.dispatch().snapshot());

    assertThat(dispatch.replayed().durableState(1)).isEqualTo(dispatch.dispatch().durableState(1));
    dispatch.restart();
    dispatch.withWorker("w2", CHROMIUM, 4);
    dispatch.pass(Duration.ofSeconds(5), "w2");
    dispatch.runAll("w2");
    assertThat(dispatch.job(mixed).state()).isEqualTo(JobState.COMPLETE);
    assertThat(dispatch.job(cancelled).state()).isEqualTo(JobState.CANCELLED);
    assertThat(dispatch.journal.events()).noneMatch(Event.JobRestored.class::isInstance);
  }

  @Test
  void tasksThatStandAlikeAreOneRun() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    dispatch.submit(job("j").repetitions(1_000));
    dispatch.runAll("w1");

    List<Event> snapshot = dispatch.dispatch().snapshot();

    assertThat(snapshot).hasSize(2);
    assertThat(((Event.TasksRestored) snapshot.getLast()).tasks())
        .containsExactly(new TaskRun(0, 1_000, 1, new TaskRun.Done(1, Outcome.SUCCEEDED)));
  }

  @Test
  void anEndedJobIsForgottenAfterADay() {
    String uid = dispatch.submit(job("j"));
    String running = dispatch.submit(job("running"));
    dispatch.cancel(uid);

    dispatch.pass(Duration.ofHours(24).minusSeconds(1));
    assertThat(dispatch.dispatch().find(uid)).isPresent();
    dispatch.pass(Duration.ofSeconds(1));

    assertThat(dispatch.dispatch().find(uid)).isEmpty();
    assertThat(dispatch.dispatch().find(running)).isPresent();
    assertThat(dispatch.replayed().find(uid)).isEmpty();
  }

  @Test
  void whileEndedJobsAreTooLargeTheOldestGoEarly() {
    dispatch.settings(
        DispatchSettings.DEFAULTS.withRetention(
            new DispatchSettings.Retention(Duration.ofHours(24), Duration.ofMinutes(10), 10)));
    String old = dispatch.submit(job("old").repetitions(6));
    dispatch.cancel(old);
    dispatch.pass(Duration.ofMinutes(1));
    String young = dispatch.submit(job("young").repetitions(6));
    dispatch.cancel(young);

    dispatch.pass(Duration.ofMinutes(8));
    assertThat(dispatch.dispatch().find(old)).isPresent();
    dispatch.pass(Duration.ofMinutes(20));

    assertThat(dispatch.dispatch().find(old)).isEmpty();
    assertThat(dispatch.dispatch().find(young)).isPresent();
  }

  @Test
  void whyATaskWasPlacedIsKeptWithItsEvent() {
    dispatch.withWorker("w1", CHROMIUM, 1);
    String uid = dispatch.submit(job("j"));

    assertThat(dispatch.journal.decisions())
        .singleElement()
        .satisfies(decided -> {
          assertThat(decided.attempt().task().job()).isEqualTo(uid);
          assertThat(decided.decision().chosen().worker().name()).isEqualTo("w1");
        });
  }
}
