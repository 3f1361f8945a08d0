package dev.ballast.worker.measure;

import java.util.Arrays;
import java.util.OptionalDouble;

/** The step of a page's clock, read from the samples where the page does not tell it. */
public final class ClockStep {
  /** Fewer samples may lie far apart by chance. */
  static final int MIN_SAMPLES = 10;

  private ClockStep() {}

  /**
   * The smallest difference between any two samples that differ, or of any sample from zero: times
   * are multiples of the clock's step, so it is not smaller, and with many samples hardly larger.
   * Absent for fewer than {@value #MIN_SAMPLES}.
   */
  public static OptionalDouble seenIn(double[] samplesMillis) {
    if (samplesMillis.length < MIN_SAMPLES) {
      return OptionalDouble.empty();
    }
    double[] sorted = samplesMillis.clone();
    Arrays.sort(sorted);
    // No page's clock steps by less than a few microseconds; smaller differences are of rounding.
    double noise = 1e-4;
    double smallest = Double.POSITIVE_INFINITY;
    double before = 0;
    for (double sample : sorted) {
      double difference = sample - before;
      smallest = difference > noise ? Math.min(smallest, difference) : smallest;
      before = sample;
    }
    return Double.isFinite(smallest) ? OptionalDouble.of(smallest) : OptionalDouble.empty();
  }
}
