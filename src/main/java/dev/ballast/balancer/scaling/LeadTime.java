package dev.ballast.balancer.scaling;

/**
 * How long it takes until more workers are there, as it was measured lately: from the moment more
 * are wanted than are ready until as many are.
 */
public final class LeadTime {
  private static final double RECENT = 0.3;

  private double seconds;
  private double since = Double.NaN;
  private int awaited;

  /** {@code assumedSeconds}: until one was measured. */
  public LeadTime(double assumedSeconds) {
    seconds = assumedSeconds;
  }

  /** {@code wanted} workers were asked for at that time and {@code ready} were there. */
  public void observe(double nowSeconds, int wanted, int ready) {
    if (!Double.isNaN(since) && ready >= awaited) {
      seconds += RECENT * (nowSeconds - since - seconds);
      since = Double.NaN;
    }
    if (wanted <= ready) {
      since = Double.NaN;
    } else if (Double.isNaN(since)) {
      since = nowSeconds;
      awaited = ready + 1;
    }
  }

  public double seconds() {
    return seconds;
  }
}
