package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Times;

/** Any browser with a free slot, all alike. */
final class RandomChoice extends LateBinding {
  private final Lots lots;

  RandomChoice(Board board, Times times, Moves moves, long seed) {
    super(board, times, moves);
    lots = new Lots(this, seed);
  }

  @Override
  int pick(int group) {
    return lots.draw(group);
  }
}
