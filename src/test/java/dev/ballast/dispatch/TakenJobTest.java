package dev.ballast.dispatch;

import static dev.ballast.dispatch.Examples.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Outcome;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** Jobs whose owner gave them their uid, and knows of ended tasks when the journal is lost. */
class TakenJobTest {
  private final TestingDispatch dispatch = new TestingDispatch();
  private final JobSpec four = job("four").repetitions(4).spec();

  @Test
  void theSameUidTwiceIsOneJob() {
    take("u", four, Recalled.NOTHING);
    take("u", four, Recalled.NOTHING);

    assertThat(dispatch.dispatch().jobs()).hasSize(1);
  }

  @Test
  void aJobThatHasEndedIsNotRunAgain() {
    take("u", four, new Recalled(indexes(0, 1, 2, 3), indexes()));
    Reply again = take("u", four, Recalled.NOTHING);

    assertThat(again).isInstanceOf(Reply.Job.class);
    assertThat(dispatch.job("u").state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void onlyWhatWasNotRecalledRuns() {
    dispatch.withWorker("w", BrowserKind.FIREFOX, 1);

    take("u", four, new Recalled(indexes(0, 2, 99), indexes(3)));
    dispatch.runAll("w");

    assertThat(dispatch.results()).extracting(result -> result.index()).containsExactly(1);
    assertThat(dispatch.job("u").state()).isEqualTo(JobState.FAILED);
    assertThat(dispatch.job("u").counts().succeeded()).isEqualTo(3);
    JobProgress progress = dispatch.dispatch().progress("u").orElseThrow();
    assertThat(progress.succeeded()).isEqualTo(indexes(0, 1, 2));
    assertThat(progress.failed()).isEqualTo(indexes(3));
    assertThat(progress.recalled()).isEqualTo(3);
  }

  @Test
  void whatWasRecalledSurvivesTheNextRestart() {
    take("u", four, new Recalled(indexes(0, 2), indexes()));

    dispatch.restart();

    assertThat(dispatch.dispatch().progress("u").orElseThrow().succeeded())
        .isEqualTo(indexes(0, 2));
  }

  @Test
  void progressSaysWhatIsDoneAndWhyTheRestWaits() {
    take(
        "u",
        job("j").repetitions(2).browsers(BrowserKind.FIREFOX, BrowserKind.EDGE).spec(),
        Recalled.NOTHING);
    dispatch.withWorker("w", BrowserKind.FIREFOX, 1);
    dispatch.start("w").finish("w", Outcome.SUCCEEDED);

    JobProgress progress = dispatch.dispatch().progress("u").orElseThrow();

    assertThat(progress.startedAt()).contains(dispatch.now());
    assertThat(progress.succeeded().cardinality()).isEqualTo(1);
    assertThat(progress.unplaceable())
        .singleElement()
        .satisfies(reason -> {
          assertThat(reason.tasks()).isEqualTo(2);
          assertThat(reason.reason().code()).isEqualTo("NoBrowser");
        });
    assertThat(dispatch.dispatch().progress("unknown")).isEmpty();
  }

  private Reply take(String uid, JobSpec spec, Recalled recalled) {
    return dispatch.command(ticket -> new Command.TakeJob(ticket, uid, spec, recalled));
  }

  private static BitSet indexes(int... indexes) {
    BitSet set = new BitSet();
    for (int index : indexes) {
      set.set(index);
    }
    return set;
  }
}
