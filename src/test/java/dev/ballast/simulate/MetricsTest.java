package dev.ballast.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Scheduler;
import dev.ballast.balancer.schedule.StealingMoves;
import dev.ballast.model.ModelFamily;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Figures of small runs that can be checked by hand. */
class MetricsTest {
  /** Does what the test says at each decision. */
  private static Scheduler.Factory scripted(BiConsumer<Board, StealingMoves> script) {
    return (board, times, moves, seed) -> () -> script.accept(board, moves);
  }

  private static TestingWorkload twoBrowsers() {
    return new TestingWorkload()
        .browsers("chrome", 1, 1)
        .browsers("firefox", 1, 1)
        .model(ModelFamily.AUDIO, 0, 10, 20);
  }

  @Test
  void waitsLoadAndMatchingAreOfTheirDefinitions() {
    Map<String, Double> figures =
        twoBrowsers()
            .tasks(3)
            .measure(
                scripted((board, moves) -> {
                  for (int browser = 0; browser < 2; browser++) {
                    if (board.waiting() > 0 && board.freeSlots(browser) > 0) {
                      moves.start(board.oldest(0), browser);
                    }
                  }
                }));

    // 0 and 2 on chrome, 0–10 and 10–20; 1 on firefox, 0–20.
    assertThat(figures)
        .containsEntry("makespanSeconds", 20.0)
        .containsEntry("meanSojournSeconds", (10.0 + 20 + 20) / 3)
        .containsEntry("p50WaitSeconds", 0.0)
        .containsEntry("throughputPerSecond", 0.15)
        .containsEntry("throughputPerSecond.audio", 0.15)
        .containsEntry("capabilityUtilization", 30.0 / 40)
        .containsEntry("loadImbalance", 0.0);
    assertThat(figures.get("matchedRatio")).isCloseTo(2.0 / 3, within(1e-12));
    // Best work in the house: 30 s for 10 s, then 20 s; two slots.
    assertThat(figures).containsEntry("peakLoadSeconds", 15.0);
  }

  @Test
  void aMoveIsUnnecessaryWhenTheOldQueueWouldHaveStartedTheTaskAsEarly() {
    // Bound to chrome behind a task that ends at 10; moved to firefox, whose task ends at 20 or 5.
    assertThat(moved(20)).containsEntry("unnecessaryMigrationsPerTask", 1.0 / 3);
    assertThat(moved(5)).containsEntry("unnecessaryMigrationsPerTask", 0.0);
    assertThat(moved(5)).containsEntry("migrationsPerTask", 1.0 / 3);
  }

  private static Map<String, Double> moved(double secondsOnFirefox) {
    return new TestingWorkload()
        .browsers("chrome", 1, 1)
        .browsers("firefox", 1, 1)
        .model(ModelFamily.AUDIO, 0, 10, secondsOnFirefox)
        .tasks(3)
        .measure(
            scripted((board, moves) -> {
              if (board.nowSeconds() == 0) {
                moves.bind(0, 0);
                moves.bind(1, 1);
                moves.bind(2, 0);
                moves.steal(2, 1);
              }
            }));
  }
}
