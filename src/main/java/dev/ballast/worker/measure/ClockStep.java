package dev.ballast.worker.measure;

import java.util.Arrays;
import java.util.OptionalDouble;

/** The step of a page's clock, read from the samples where the page does not tell it. */
public final class ClockStep {
  /** Fewer samples may lie far apart by chance. */
  static final int MIN_SAMPLES = 10;

  private ClockStep() {}

  /** Half of what a browser's clock steps by at the least; smaller differences are of rounding. */
  private static final double ROUNDING_MILLIS = 5e-4;

  /**
   * The largest time of which all samples are multiples, each being a difference of two readings of
   * the clock. It is never smaller than the step, and with many samples hardly larger: unless they
   * are all alike, when nothing tells a coarse clock from steady work. Absent for fewer than
   * {@value #MIN_SAMPLES}, or when all are zero.
   */
  public static OptionalDouble seenIn(double[] samplesMillis) {
    if (samplesMillis.length < MIN_SAMPLES) {
      return OptionalDouble.empty();
    }
    double step = Arrays.stream(samplesMillis).reduce(0, ClockStep::commonDivisor);
    return step > 0 ? OptionalDouble.of(step) : OptionalDouble.empty();
  }

  /** By Euclid, as far as rounding allows. */
  private static double commonDivisor(double a, double b) {
    double divisor = a;
    double rest = b;
    while (rest > ROUNDING_MILLIS) {
      double next = divisor % rest;
      divisor = rest;
      rest = divisor - next < ROUNDING_MILLIS ? 0 : next;
    }
    return divisor;
  }
}
