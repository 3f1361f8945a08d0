package dev.ballast.balancer;

/**
 * A learned positive quantity.
 *
 * @param typical its geometric mean, in the unit of the quantity
 * @param relativeError standard error of {@code typical} on the log scale: 0.1 is about ±10 %
 * @param observations how many observations of exactly this cell it rests on, recent ones counting
 *     most
 */
public record Estimate(double typical, double relativeError, double observations) {
  /** Lower end of the two-sided 95 % interval. */
  public double low95() {
    return typical * StrictMath.exp(-1.96 * relativeError);
  }

  /** Upper end of the two-sided 95 % interval. */
  public double high95() {
    return typical * StrictMath.exp(1.96 * relativeError);
  }
}
