package dev.ballast.balancer.forecast;

/**
 * A level whose window follows the errors: where they keep one sign it has moved, and the window
 * shrinks; where they cancel out it grows (Trigg, Leach 1967, "Exponential smoothing with an
 * adaptive response rate").
 *
 * <pre>
 * α = |smoothed error| ÷ smoothed |error|, at least 0.02
 * </pre>
 */
final class AdaptiveLevel implements Opinion {
  private static final double SMOOTHING = 0.2;
  private static final double LEAST = 0.02;

  private double level;
  private double error;
  private double size;
  private boolean begun;

  @Override
  public void observe(double value) {
    if (!begun) {
      level = value;
      begun = true;
      return;
    }
    double off = value - level;
    error += SMOOTHING * (off - error);
    size += SMOOTHING * (Math.abs(off) - size);
    level += (size == 0 ? LEAST : Math.max(LEAST, Math.abs(error) / size)) * off;
  }

  @Override
  public double ahead(int steps) {
    return level;
  }
}
