package dev.ballast.store.affinity;

/** Logarithms of the times of one model at one place, summed up. */
public final class LogTimes {
  private int n;
  private double mean;
  private double squares;
  private int flagged;

  // Welford 1962: no cancellation where times hardly differ.
  public void add(double millis, boolean isFlagged) {
    n++;
    flagged += isFlagged ? 1 : 0;
    double log = Math.log(millis);
    double step = log - mean;
    mean += step / n;
    squares += step * (log - mean);
  }

  public int n() {
    return n;
  }

  double mean() {
    return mean;
  }

  /** Sum of the squared distances from the mean. */
  double squares() {
    return squares;
  }

  int flagged() {
    return flagged;
  }
}
