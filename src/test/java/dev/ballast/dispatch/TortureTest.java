package dev.ballast.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class TortureTest {
  private static final int SEEDS = Integer.getInteger("torture.seeds", 500);
  private static final long FIRST = Long.getLong("torture.seed", 1);

  @Test
  void nothingIsLostAndNothingCountsTwiceWhateverFails() {
    int tasks = 0;
    int restarts = 0;
    int failedWrites = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      Torture torture = new Torture(seed);
      torture.run();
      tasks += torture.tasks;
      restarts += torture.restarts;
      failedWrites += torture.failedWrites;
    }
    System.out.printf(
        "torture: %d seeds, %d tasks, %d controller restarts, %d failed writes: 0 lost, 0 doubled%n",
        SEEDS, tasks, restarts, failedWrites);
    // Faults that do not happen prove nothing.
    assertThat(restarts).isPositive();
    assertThat(failedWrites).isPositive();
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void anySeedKeepsThePromises(@ForAll long seed) {
    new Torture(seed).run();
  }
}
