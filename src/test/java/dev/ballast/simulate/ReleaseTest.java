package dev.ballast.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.rival.EarliestCompletion;
import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.workload.Disruption;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A browser is released, and some models take other times in it. */
class ReleaseTest {
  private static final Scheduler.Factory EARLIEST =
      (board, times, moves, _) -> new EarliestCompletion(board, times, moves);

  private static TestingWorkload twoClasses() {
    return new TestingWorkload()
        .browsers("chrome", 1, 1)
        .browsers("firefox", 1, 1)
        .model(ModelFamily.AUDIO, 0, 2, 3)
        .model(ModelFamily.VISION, 0, 2, 3);
  }

  @Test
  void whatStartsBeforeKeepsItsTimeAndOtherFamiliesDo() {
    RunLog log =
        twoClasses()
            .disruption(new Disruption.Release(10, 0, ModelFamily.AUDIO, 2.5))
            .tasks(9, 1, 0)
            .tasks(20, 1, 0)
            .tasks(30, 1, 1)
            .run(EARLIEST);

    assertThat(log.ended[0] - log.started[0]).isEqualTo(2);
    assertThat(log.ended[1] - log.started[1]).isEqualTo(3);
    assertThat(log.browser[1]).isEqualTo(1);
    assertThat(log.ended[2] - log.started[2]).isEqualTo(2);
  }

  @Test
  void theExcessIsMeasuredAgainstWhatIsBestAfterTheRelease() {
    TestingWorkload workload =
        twoClasses().disruption(new Disruption.Release(10, 0, ModelFamily.AUDIO, 0.5));
    // Two at a time: one of each pair must take firefox, for 3 s instead of 1.
    for (int i = 0; i < 30; i++) {
      workload.tasks(20 + 10 * i, 2, 0);
    }

    Map<String, Double> measured =
        workload.measure((board, times, moves, _) -> new BothAtOnce(board, moves));

    assertThat(measured.get("releaseExcess10To30")).isCloseTo(1, within(1e-9));
    assertThat(measured.get("releaseExcess30To60")).isCloseTo(1, within(1e-9));
  }

  /** Fills every browser at once. */
  private record BothAtOnce(Board board, Moves moves) implements Scheduler {
    @Override
    public void decide() {
      for (int browser = 0; browser < board.browsers() && board.waiting() > 0; browser++) {
        if (board.freeSlots(browser) > 0) {
          moves.start(board.oldest(0), browser);
        }
      }
    }
  }

  @Test
  void withoutAReleaseThereIsNoSuchFigure() {
    assertThat(twoClasses().tasks(100).measure(EARLIEST))
        .doesNotContainKeys("releaseExcess10To30", "releaseExcess30To60");
  }

  @Test
  void noBoundLiesAboveWhatFasterReleasesAllow() {
    TestingWorkload workload =
        twoClasses()
            .disruption(new Disruption.Release(1, 0, ModelFamily.AUDIO, 0.1))
            .tasks(0, 100, 0);

    Map<String, Double> measured = Bounds.of(workload.build()).compare(workload.measure(EARLIEST));

    assertThat(measured.get("makespanToBound")).isGreaterThanOrEqualTo(1);
    assertThat(measured.get("meanSojournToBound")).isGreaterThanOrEqualTo(1);
  }
}
