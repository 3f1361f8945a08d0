package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;

/** First come, first served. */
final class Order {
  private Order() {}

  /** The one that arrived first; either may be {@link Board#NONE}. */
  static int older(Board board, int left, int right) {
    if (left == Board.NONE || right == Board.NONE) {
      return left == Board.NONE ? right : left;
    }
    int compared = Double.compare(board.arrivalSeconds(left), board.arrivalSeconds(right));
    return compared < 0 || (compared == 0 && left < right) ? left : right;
  }
}
