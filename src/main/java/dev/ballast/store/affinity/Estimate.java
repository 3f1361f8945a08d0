package dev.ballast.store.affinity;

import java.util.OptionalDouble;

/**
 * A mean or a ratio of means with its two-sided 95 % interval. The ends are absent where too little
 * was repeated to tell one.
 */
public record Estimate(double mean, OptionalDouble low95, OptionalDouble high95) {
  public static Estimate of(double mean) {
    return new Estimate(mean, OptionalDouble.empty(), OptionalDouble.empty());
  }

  public static Estimate of(double mean, double low95, double high95) {
    return new Estimate(mean, OptionalDouble.of(low95), OptionalDouble.of(high95));
  }

  /** The whole interval is on one side of 1: a ratio that says who is faster. */
  public boolean decided() {
    return low95.orElse(0) > 1 || high95.orElse(Double.POSITIVE_INFINITY) < 1;
  }
}
