package dev.ballast.simulate.torture;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class TortureTest {
  /** {@code bin/test} runs 10,000; a build on the way runs fewer. */
  private static final long SEEDS = Long.getLong("torture.seeds", 1_000);

  private static final long FIRST = Long.getLong("torture.seed", 1);

  @Test
  void nothingIsLostAndNothingCountsTwiceWhateverFails() {
    TortureRun.Result result = new TortureRun(FIRST, SEEDS).run(_ -> {});

    assertThat(result.broken())
        .withFailMessage(() -> story(result.broken().orElseThrow()))
        .isEmpty();
    System.out.printf("torture: %d seeds, 0 lost, 0 doubled; %s%n", SEEDS, result.tally());
    // Faults that do not happen prove nothing.
    assertThat(result.tally().isComplete()).as("%s", result.tally()).isTrue();
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void anySeedKeepsThePromises(@ForAll long seed) {
    Torture.run(seed);
  }

  @Test
  void aRunCanBeToldInWords() {
    assertThat(TortureRun.tell(1, 10_000))
        .anyMatch(line -> line.contains("a user submits job-1"))
        .anyMatch(line -> line.contains("is bound to"))
        .anyMatch(line -> line.contains("the faults stop"))
        .noneMatch(line -> line.contains("BROKEN"));
  }

  private static String story(long seed) {
    return "seed %d broke a promise (%s):%n%s"
        .formatted(seed, TortureRun.replay(seed), String.join("\n", TortureRun.tell(seed, 60)));
  }
}
