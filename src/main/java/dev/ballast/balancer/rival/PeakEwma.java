package dev.ballast.balancer.rival;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.Moves;
import dev.ballast.balancer.schedule.Times;
import java.util.Arrays;

/**
 * The cheaper of two browsers drawn at random, where
 *
 * <pre>
 * cost = latency · (pending + 1)
 * </pre>
 *
 * and latency jumps to every peak and decays to what is seen after it. Twitter Finagle, {@code
 * PeakEwma}, with its default decay of 10 s. It knows nothing of models: its latency is of all that
 * a browser ran.
 */
final class PeakEwma extends LateBinding {
  private static final double DECAY_SECONDS = 10;

  /** Of a browser that runs something and has no history: it is not probed twice. */
  private static final double PENALTY = 1e12;

  private final Lots lots;
  private double[] cost = new double[0];
  private double[] stamp = new double[0];

  PeakEwma(Board board, Times times, Moves moves, long seed) {
    super(board, times, moves);
    lots = new Lots(this, seed);
  }

  @Override
  int pick(int group) {
    int first = lots.draw(group);
    int second = lots.draw(group);
    return first == Board.NONE || load(first) <= load(second) ? first : second;
  }

  double load(int browser) {
    observe(browser, 0);
    int pending = board.running(browser);
    return cost[browser] == 0 && pending != 0 ? PENALTY + pending : cost[browser] * (pending + 1);
  }

  @Override
  public void ended(int task, int browser, boolean succeeded, double seconds) {
    observe(browser, seconds);
  }

  @Override
  public void joined(int browser) {
    grow();
    cost[browser] = 0;
  }

  private void observe(int browser, double seconds) {
    grow();
    double now = board.nowSeconds();
    double weight = StrictMath.exp(-Math.max(0, now - stamp[browser]) / DECAY_SECONDS);
    cost[browser] =
        seconds > cost[browser] ? seconds : cost[browser] * weight + seconds * (1 - weight);
    stamp[browser] = now;
  }

  private void grow() {
    if (cost.length < board.browsers()) {
      cost = Arrays.copyOf(cost, board.browsers());
      stamp = Arrays.copyOf(stamp, board.browsers());
    }
  }
}
