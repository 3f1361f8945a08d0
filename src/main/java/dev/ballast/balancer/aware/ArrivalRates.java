package dev.ballast.balancer.aware;

import dev.ballast.balancer.schedule.Board;
import java.util.Arrays;

/**
 * How many tasks of each group keep arriving, averaged over the recent past. What arrives in one
 * instant is a batch, and says nothing of the future beyond one arrival.
 */
final class ArrivalRates {
  private static final double MEMORY_SECONDS = 100;
  private static final double FEWEST = 5;

  private final Board board;
  private double[] weight = new double[0];
  private double[] seen = new double[0];
  private double[] lastInstant = new double[0];
  private double first = Double.NaN;
  private double updated;

  ArrivalRates(Board board) {
    this.board = board;
  }

  void arrived(int group) {
    decay();
    double now = board.nowSeconds();
    if (Double.isNaN(first)) {
      first = now;
    }
    if (group >= weight.length) {
      int before = weight.length;
      weight = Arrays.copyOf(weight, group + 1);
      seen = Arrays.copyOf(seen, group + 1);
      lastInstant = Arrays.copyOf(lastInstant, group + 1);
      Arrays.fill(lastInstant, before, group + 1, Double.NEGATIVE_INFINITY);
    }
    if (lastInstant[group] < now) {
      lastInstant[group] = now;
      weight[group] += 1;
      seen[group] += 1;
    }
  }

  /** Tasks a second; 0 until a few arrived. */
  double perSecond(int group) {
    decay();
    if (group >= weight.length || seen[group] < FEWEST) {
      return 0;
    }
    double watched = board.nowSeconds() - first;
    return weight[group]
        / (MEMORY_SECONDS * -StrictMath.expm1(-Math.max(watched, 1) / MEMORY_SECONDS));
  }

  /**
   * Goes on from what another has seen.
   *
   * @param groups the number here of each of its groups, or -1 for those that are no more
   */
  void inherit(ArrivalRates former, int[] groups) {
    former.decay();
    first = former.first;
    updated = former.updated;
    weight = new double[board.groups()];
    seen = new double[board.groups()];
    lastInstant = new double[board.groups()];
    Arrays.fill(lastInstant, Double.NEGATIVE_INFINITY);
    for (int g = 0; g < Math.min(former.weight.length, groups.length); g++) {
      if (groups[g] >= 0) {
        weight[groups[g]] = former.weight[g];
        seen[groups[g]] = former.seen[g];
        lastInstant[groups[g]] = former.lastInstant[g];
      }
    }
  }

  private void decay() {
    double now = board.nowSeconds();
    if (now > updated) {
      double factor = StrictMath.exp((updated - now) / MEMORY_SECONDS);
      for (int g = 0; g < weight.length; g++) {
        weight[g] *= factor;
      }
      updated = now;
    }
  }
}
