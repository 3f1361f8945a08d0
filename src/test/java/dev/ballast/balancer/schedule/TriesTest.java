package dev.ballast.balancer.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import org.junit.jupiter.api.Test;

/** What runs on a board, as measurements to come. */
class TriesTest {
  private static final int VARIANT = 0;

  private final LiveBoard board = new LiveBoard();
  private final int group = board.addGroup(new LiveBoard.Group(0, "vad", ModelFamily.AUDIO));
  private final int pool = board.addPool(BrowserKind.CHROME);

  TriesTest() {
    board.addVariant(100);
    board.addBrowser(pool, "chrome-1", 100, 1000);
  }

  private int start(int browser) {
    int task = board.addTask(group, 0);
    board.await(task);
    board.start(task, browser, VARIANT, 1);
    return task;
  }

  private double error(int of) {
    return board.tries().error(0.5, of, VARIANT);
  }

  @Test
  void whatRunsCountsAsMeasuredUntilItEnds() {
    assertThat(error(pool)).isEqualTo(0.5);

    int first = start(0);

    // As if one that scatters by 0.5 had been measured beside what is uncertain by 0.5.
    assertThat(error(pool)).isCloseTo(0.5 / Math.sqrt(2), within(1e-12));

    int second = start(0);
    board.finish(first);
    board.retry(second);

    assertThat(error(pool)).isEqualTo(0.5);
  }

  @Test
  void whatIsKnownStaysKnownAndNobodyIsToldOfWhatRuns() {
    assertThat(board.tries().error(0.04, pool, VARIANT)).isEqualTo(0.04);
    long version = board.tries().version();

    start(0);

    assertThat(board.tries().error(0.04, pool, VARIANT)).isEqualTo(0.04);
    assertThat(board.tries().version()).isEqualTo(version);
  }

  @Test
  void itTellsOfPoolsThatAreAlikeAndOfNoOthers() {
    int alike = board.addPool(BrowserKind.CHROME, pool);
    int alikeToThat = board.addPool(BrowserKind.CHROME, alike);
    int other = board.addPool(BrowserKind.CHROME);

    start(0);

    assertThat(error(alike)).isEqualTo(error(pool)).isLessThan(0.5);
    assertThat(error(alikeToThat)).isEqualTo(error(pool));
    assertThat(error(other)).isEqualTo(0.5);
  }

  @Test
  void anAnswerChangesOnlyWithTheVersionWhichSeldomDoes() {
    double answer = error(pool);
    long version = board.tries().version();
    int changes = 0;
    for (int i = 0; i < 100; i++) {
      start(0);
      if (board.tries().version() == version) {
        assertThat(error(pool)).isEqualTo(answer);
      } else {
        changes++;
      }
      version = board.tries().version();
      answer = error(pool);
    }

    assertThat(changes).isEqualTo(7);
    assertThat(answer).isLessThan(0.07);
  }
}
