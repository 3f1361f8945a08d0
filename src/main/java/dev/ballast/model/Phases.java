package dev.ballast.model;

/**
 * Where the time of an attempt went, in milliseconds; together they are its wall time.
 *
 * @param queue from the arrival of the task (or its return to the queue) to its placement
 * @param placement from placement to the worker's start on it
 * @param browserStart starting a browser for it, 0 when one was there
 * @param download fetching the bytes of the model
 * @param sessionCreate compiling the model
 * @param firstRun the first, cold inference
 * @param warmup further runs that are thrown away
 * @param warmRuns the sampled runs
 * @param turn waiting for the machine, so that measured phases do not overlap
 * @param overhead all else: messages between worker and page, checking of outputs
 */
public record Phases(
    double queue,
    double placement,
    double browserStart,
    double download,
    double sessionCreate,
    double firstRun,
    double warmup,
    double warmRuns,
    double turn,
    double overhead) {

  /** The sum, in milliseconds. */
  public double total() {
    return queue
        + placement
        + browserStart
        + download
        + sessionCreate
        + firstRun
        + warmup
        + warmRuns
        + turn
        + overhead;
  }

  /** The same with what only the controller knows. */
  public Phases withQueue(double queueMillis, double placementMillis) {
    return new Phases(
        queueMillis,
        placementMillis,
        browserStart,
        download,
        sessionCreate,
        firstRun,
        warmup,
        warmRuns,
        turn,
        overhead);
  }
}
