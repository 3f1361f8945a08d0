package dev.ballast.simulate.stealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.StealRule;
import dev.ballast.balancer.schedule.Stealing;
import dev.ballast.balancer.schedule.Times;
import dev.ballast.dispatch.Event;
import dev.ballast.model.AttemptId;
import dev.ballast.model.TaskId;
import dev.ballast.simulate.stealing.StealingStudy.Finding;
import dev.ballast.simulate.stealing.StealingStudy.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class StealingStudyTest {
  private static final int TASKS = 400;

  /** Moves whatever is bound, at every look, whether it gains by that or not. */
  private static final class Needless implements Stealing {
    @Override
    public List<Move> wanted(Board board, Times times, IntPredicate mayMove) {
      List<Move> all = new ArrayList<>();
      for (int browser = 0; browser < board.browsers(); browser++) {
        for (int task = board.firstBound(browser);
            task != Board.NONE;
            task = board.nextBound(task)) {
          if (mayMove.test(task)) {
            all.add(new Move(task, OptionalDouble.empty()));
          }
        }
      }
      return all;
    }

    @Override
    public Duration cooldown() {
      return Duration.ZERO;
    }
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (ShortWork work : ShortWork.all()) {
      ShortWork.Instance instance = work.withTasks(TASKS).instance(3, 1);

      assertThat(Trial.run(instance, StealRule.DEFAULTS))
          .as(work.tasks().name())
          .isEqualTo(Trial.run(instance, StealRule.DEFAULTS));
    }
  }

  @Test
  void everyTaskHasOneResultWhateverIsMoved() {
    for (ShortWork work : ShortWork.all()) {
      for (Stealing rule : List.of(StealRule.DEFAULTS, new Needless(), new ThresholdSteals(0))) {
        Figures figures = Trial.run(work.withTasks(TASKS).instance(3, 1), rule);

        assertThat(figures.lost()).as(work.tasks().name()).isZero();
        assertThat(figures.doubled()).as(work.tasks().name()).isZero();
        assertThat(figures.meanSojournSeconds()).isPositive();
      }
    }
  }

  @Test
  void whoMovesNothingHasNoMigrations() {
    assertThat(Trial.run(work("short").instance(3, 1), Stealing.NONE).migrationsPerTask()).isZero();
  }

  @Test
  void whoMovesNeedlesslyIsFoundOut() {
    Finding needless =
        StealingStudy.of(
                work("short"),
                List.of(StealingStudy.NONE, new Rule("needless", Needless::new)),
                3,
                8)
            .get(1);

    assertThat(needless.migrationsPerTask().mean()).isGreaterThan(0.1);
    assertThat(needless.sojournRatio().low95()).isGreaterThan(1);
  }

  @Test
  void whatStartedIsNeverTakenBack() {
    Diary diary = new Diary(1);
    AttemptId attempt = new AttemptId(new TaskId("job", 0), 1, 1);
    diary.comes("job", 0, 1, 0);
    diary.durable(new Event.AttemptReturned(attempt, Instant.EPOCH), 1);
    diary.starts(attempt, 2);

    assertThatThrownBy(() -> diary.durable(new Event.AttemptReturned(attempt, Instant.EPOCH), 3))
        .hasMessageContaining("its worker had started it");
  }

  private static ShortWork work(String name) {
    return ShortWork.all().stream()
        .filter(work -> work.tasks().name().equals(name))
        .findFirst()
        .orElseThrow()
        .withTasks(TASKS);
  }
}
