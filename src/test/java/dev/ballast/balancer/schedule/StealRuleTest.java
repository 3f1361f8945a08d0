package dev.ballast.balancer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StealRuleTest {
  private static final StealRule RULE = new StealRule(1.5, 0.1, Duration.ofSeconds(30));

  private final LiveBoard board = new LiveBoard();
  private double load = 0;

  /** Browser 0 runs a task that is expected to end then; another one is bound there. */
  private int boundBehind(double expectedEnd) {
    board.addGroup(new LiveBoard.Group(0, "m", ModelFamily.AUDIO));
    board.addVariant(1);
    int pool = board.addPool(BrowserKind.CHROME);
    board.addBrowser(pool, "b0", 1, 10);
    board.addBrowser(pool, "b1", 1, 10);
    int first = board.addTask(0, 0);
    board.await(first);
    board.start(first, 0, 0, expectedEnd);
    int second = board.addTask(0, 0);
    board.await(second);
    board.bind(second, 0);
    return second;
  }

  private List<Integer> wanted(StealRule rule) {
    return rule.wanted(board, new OneSecond(), _ -> true).stream()
        .map(Stealing.Move::task)
        .toList();
  }

  @Test
  void whatWouldStartSoonStays() {
    boundBehind(0.5);

    assertThat(wanted(RULE)).isEmpty();
  }

  @Test
  void whatWaitsLongerThanTheMarginMoves() {
    int task = boundBehind(0.7);

    assertThat(wanted(RULE)).containsExactly(task);
    assertThat(wanted(new StealRule(2, 0.1, Duration.ZERO))).isEmpty();
  }

  @Test
  void whatIsLateWillBeLateByAsMuchAgain() {
    int task = boundBehind(0.5);
    board.moveTo(1.2);

    assertThat(wanted(RULE)).containsExactly(task);
  }

  @Test
  void theLoadOfTheModelMustBeGainedFirst() {
    boundBehind(2);
    load = 1;

    assertThat(wanted(RULE)).isEmpty();
  }

  @Test
  void nobodyMovesToABrowserThatIsBusy() {
    boundBehind(10);
    int other = board.addTask(0, 0);
    board.await(other);
    board.start(other, 1, 0, 1);

    assertThat(wanted(RULE)).isEmpty();
  }

  @Test
  void aFreeSlotIsPromisedOnce() {
    int task = boundBehind(10);
    int next = board.addTask(0, 0);
    board.await(next);
    board.bind(next, 0);

    assertThat(wanted(RULE)).containsExactly(task);
  }

  @Test
  void whatMayNotMoveStays() {
    boundBehind(10);

    assertThat(RULE.wanted(board, new OneSecond(), _ -> false)).isEmpty();
  }

  /** Every task takes a second. */
  private final class OneSecond implements Times {
    @Override
    public double serviceSeconds(int group, int pool) {
      return 1;
    }

    @Override
    public double loadSeconds(int group, int pool) {
      return load;
    }

    @Override
    public int variant(int group, int pool) {
      return 0;
    }

    @Override
    public double relativeError(int group, int pool) {
      return 0;
    }

    @Override
    public double successRatio(int group, int pool) {
      return 1;
    }

    @Override
    public long version() {
      return 0;
    }
  }
}
