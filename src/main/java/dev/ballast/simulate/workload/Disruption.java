package dev.ballast.simulate.workload;

/** Something that goes wrong at a time with browsers of one class, for a while. */
public sealed interface Disruption {
  double atSeconds();

  /** Index of the browser class in the workload. */
  int browserClass();

  double forSeconds();

  /** The first {@code count} present browsers of the class vanish, and come back empty. */
  record WorkerLost(double atSeconds, int browserClass, int count, double forSeconds)
      implements Disruption {}

  /** Tasks that start in the class meanwhile take {@code factor} times as long. */
  record Slowdown(double atSeconds, int browserClass, double factor, double forSeconds)
      implements Disruption {}
}
