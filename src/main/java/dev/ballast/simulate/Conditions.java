package dev.ballast.simulate;

/**
 * What surrounds one run.
 *
 * @param knownTimes policies are told the true means
 * @param detectionSeconds until the loss of a browser is noticed
 * @param decisionSeconds from a decision until the browser begins
 * @param reportSeconds from the end of a task until the controller hears of it
 * @param retries of a task that fails
 */
public record Conditions(
    long seed,
    int replication,
    boolean knownTimes,
    double detectionSeconds,
    double decisionSeconds,
    double reportSeconds,
    int retries) {
  public static Conditions of(long seed, int replication, boolean knownTimes) {
    return new Conditions(seed, replication, knownTimes, 6, 0, 0, 2);
  }
}
