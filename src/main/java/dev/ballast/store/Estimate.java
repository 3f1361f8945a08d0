package dev.ballast.store;

import java.util.OptionalDouble;

/** A mean with its two-sided 95 % interval; the ends are absent where one value says nothing. */
public record Estimate(double mean, OptionalDouble low95, OptionalDouble high95) {
  static Estimate of(double mean) {
    return new Estimate(mean, OptionalDouble.empty(), OptionalDouble.empty());
  }

  static Estimate of(double mean, double low95, double high95) {
    return new Estimate(mean, OptionalDouble.of(low95), OptionalDouble.of(high95));
  }
}
