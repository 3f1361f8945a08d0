package dev.ballast.balancer;

/**
 * How far what is observed has drifted in one direction (Page 1954, "Continuous inspection
 * schemes"), and since when:
 *
 * <pre>
 * sum = max(0, sum + z − 0.5)
 * </pre>
 */
final class CumulativeSum {
  /** What a standardised deviation must exceed to count as drift. */
  static final double ALLOWANCE = 0.5;

  /** One wild value is no shift. */
  private static final double WILDEST = 3;

  private double sum;
  private double logs;
  private int count;

  /** How many standard errors the observation lies above the mean, −3 to 3. */
  static double deviation(double log, double mean, double standardError) {
    return Math.clamp((log - mean) / standardError, -WILDEST, WILDEST);
  }

  /** Whether it still goes on; false: it has begun anew. */
  boolean add(double deviation, double log) {
    if (sum + deviation <= ALLOWANCE) {
      clear();
      return false;
    }
    sum += deviation - ALLOWANCE;
    logs += log;
    count++;
    return true;
  }

  double sum() {
    return sum;
  }

  /** What was observed since it last was 0. */
  int count() {
    return count;
  }

  /** The mean of that. */
  double mean() {
    return logs / count;
  }

  void clear() {
    sum = 0;
    logs = 0;
    count = 0;
  }
}
