package dev.ballast.balancer;

/**
 * Mean and scatter of logarithms, over all that was observed since they last shifted; the latest
 * five hundred count most.
 */
final class LogMean {
  /** An observation weighs this much less with each that follows. */
  private static final double DECAY = 0.998;

  private static final double FEWEST = 2;

  private final ShiftWatch watch = new ShiftWatch();
  private double weight;
  private double mean;
  private double squares;
  private long count;

  /**
   * Adds one.
   *
   * @param scatter standard deviation of single observations
   * @return whether it shows that what came before no longer holds
   */
  boolean add(double log, double scatter) {
    count++;
    if (knowsWhatToExpect() && watch.add(log, mean, standardError(scatter))) {
      squares *= watch.since() / weight;
      mean = watch.meanSince();
      weight = watch.since();
      watch.clear();
      return true;
    }
    weight = weight * DECAY + 1;
    squares *= DECAY;
    double before = log - mean;
    mean += before / weight;
    squares += before * (log - mean);
    return false;
  }

  /** Whether it is known what the next one should be. */
  boolean knowsWhatToExpect() {
    return weight >= FEWEST;
  }

  /** By how much the next one may differ from the mean, given what single ones scatter. */
  double standardError(double scatter) {
    return scatter * Math.sqrt(1 + 1 / weight);
  }

  /** All of it has shifted by so much. */
  void shift(double by) {
    mean += by;
    watch.clear();
  }

  /** It may no longer hold: it counts as at most so many observations. */
  void doubt(double observations) {
    if (weight > observations) {
      squares *= observations / weight;
      weight = observations;
    }
  }

  /** Observations ever. */
  long count() {
    return count;
  }

  /** Observations that count. */
  double weight() {
    return weight;
  }

  double mean() {
    return mean;
  }

  /** Sum of the squared deviations from the mean. */
  double squares() {
    return squares;
  }
}
