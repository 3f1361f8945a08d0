package dev.ballast.balancer;

/** Exponentially forgetting mean and scatter of logarithms. */
final class LogMean {
  /** An observation weighs this much less with each that follows: about the last 20 count. */
  private static final double DECAY = 0.95;

  private double weight;
  private double mean;
  private double squares;

  void add(double log) {
    weight *= DECAY;
    squares *= DECAY;
    weight += 1;
    double before = log - mean;
    mean += before / weight;
    squares += before * (log - mean);
  }

  double weight() {
    return weight;
  }

  /** The mean, pulled towards {@code prior} as if that had been seen {@code priorWeight} times. */
  double shrunk(double prior, double priorWeight) {
    return (priorWeight * prior + weight * mean) / (priorWeight + weight);
  }

  double variance(double prior, double priorWeight) {
    return (priorWeight * prior + squares) / (priorWeight + weight);
  }

  double mean() {
    return mean;
  }
}
