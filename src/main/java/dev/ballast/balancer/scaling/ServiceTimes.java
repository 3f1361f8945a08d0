package dev.ballast.balancer.scaling;

/** Mean and scatter of how long tasks stay in a slot; recent ones count most. */
public final class ServiceTimes {
  private static final double MEMORY = 0.98;
  private static final double ASSUMED_VARIATION = 0.5;

  /** The assumption weighs as much as this many tasks. */
  private static final double ASSUMED_WEIGHT = 3;

  private double weight = ASSUMED_WEIGHT;
  private double mean;
  private double squares;

  public ServiceTimes(double assumedSeconds) {
    mean = assumedSeconds;
    squares = ASSUMED_WEIGHT * Math.pow(ASSUMED_VARIATION * assumedSeconds, 2);
  }

  public void observe(double seconds) {
    weight = MEMORY * weight + 1;
    double off = seconds - mean;
    mean += off / weight;
    squares = MEMORY * squares + off * (seconds - mean);
  }

  public double meanSeconds() {
    return mean;
  }

  /** Coefficient of variation. */
  public double variation() {
    return Math.sqrt(Math.max(0, squares) / weight) / mean;
  }
}
