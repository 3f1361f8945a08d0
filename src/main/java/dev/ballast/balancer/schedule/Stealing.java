package dev.ballast.balancer.schedule;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/** Says which bound tasks should start elsewhere than where they are bound. */
public interface Stealing {
  /** Whatever is bound stays where it is. */
  Stealing NONE =
      new Stealing() {
        @Override
        public List<Move> wanted(Board board, Times times, IntPredicate mayMove) {
          return List.of();
        }

        @Override
        public Duration cooldown() {
          return Duration.ZERO;
        }
      };

  /**
   * The tasks to ask back now. Where each goes is decided once its worker has confirmed that it did
   * not start: by then another place may be better.
   *
   * @param mayMove whether that bound task may be asked back now
   */
  List<Move> wanted(Board board, Times times, IntPredicate mayMove);

  /** Time from one move of a task to its next. */
  Duration cooldown();

  /**
   * A bound task to ask back.
   *
   * @param secondsSooner how much sooner it is expected to end elsewhere, where that is known
   */
  record Move(int task, OptionalDouble secondsSooner) {}
}
