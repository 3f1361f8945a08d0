package dev.ballast.balancer;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Notices that several models of a family have shifted together in a browser, as they do when it
 * has a release.
 *
 * <pre>
 * release ⇔ one of two {@link CumulativeSum} over all of them &gt; 8,
 *           and without the model that added most to it still &gt; 3
 * </pre>
 *
 * Of models that shift by a factor of 1.5, at a scatter of 25 %, about eight observations are
 * needed, of whichever.
 */
final class ReleaseWatch {
  private static final double LIMIT = 8;
  private static final double LIMIT_WITHOUT_ONE = 3;

  private final Side up = new Side();
  private final Side down = new Side();

  /** One direction, and what each model has added to it since it last was 0. */
  private static final class Side {
    final CumulativeSum all = new CumulativeSum();
    private final Map<ProfileGrid.Cell, Double> parts = new HashMap<>();

    void add(ProfileGrid.Cell cell, double deviation, double difference) {
      if (all.add(deviation, difference)) {
        parts.merge(cell, deviation - CumulativeSum.ALLOWANCE, Double::sum);
      } else {
        parts.clear();
      }
    }

    boolean tellsOfSeveral() {
      double most = 0;
      for (double part : parts.values()) {
        most = Math.max(most, part);
      }
      return all.sum() > LIMIT && all.sum() - most > LIMIT_WITHOUT_ONE;
    }

    void clear() {
      all.clear();
      parts.clear();
    }
  }

  /**
   * Sees what is about to be added to one of the models.
   *
   * @param scatter standard deviation of single observations
   * @return by how much they have shifted together, on the log scale, if they have
   */
  OptionalDouble add(ProfileGrid.Cell cell, double log, double scatter) {
    LogMean mean = cell.mean;
    if (!mean.knowsWhatToExpect()) {
      return OptionalDouble.empty();
    }
    double deviation = CumulativeSum.deviation(log, mean.mean(), mean.standardError(scatter));
    up.add(cell, deviation, log - mean.mean());
    down.add(cell, -deviation, log - mean.mean());
    Side later = up.all.sum() > down.all.sum() ? up : down;
    if (!later.tellsOfSeveral()) {
      return OptionalDouble.empty();
    }
    double shift = later.all.mean();
    clear();
    return OptionalDouble.of(shift);
  }

  /** Begins anew. */
  void clear() {
    up.clear();
    down.clear();
  }
}
