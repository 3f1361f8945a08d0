package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Times;

/**
 * The less loaded of two browsers drawn at random. Mitzenmacher 2001, "The power of two choices in
 * randomized load balancing". Load is the share of busy slots, so that browsers of different size
 * compare.
 */
final class PowerOfTwo extends LateBinding {
  private final Lots lots;

  PowerOfTwo(Board board, Times times, Moves moves, long seed) {
    super(board, times, moves);
    lots = new Lots(this, seed);
  }

  @Override
  int pick(int group) {
    int first = lots.draw(group);
    int second = lots.draw(group);
    return first == Board.NONE || load(first) <= load(second) ? first : second;
  }

  private double load(int browser) {
    return (double) board.running(browser) / board.slots(browser);
  }
}
