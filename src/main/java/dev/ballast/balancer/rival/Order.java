package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;

/** First come, first served. */
final class Order {
  private Order() {}

  static boolean before(Board board, int left, int right) {
    int compared = Double.compare(board.arrivalSeconds(left), board.arrivalSeconds(right));
    return compared < 0 || (compared == 0 && left < right);
  }
}
