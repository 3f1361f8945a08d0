package dev.ballast.simulate.workload;

import dev.ballast.model.ModelFamily;

/** Something that happens at a time to the browsers of one class. */
public sealed interface Disruption {
  double atSeconds();

  /** Index of the browser class in the workload. */
  int browserClass();

  /** The first {@code count} present browsers of the class vanish, and come back empty. */
  record WorkerLost(double atSeconds, int browserClass, int count, double forSeconds)
      implements Disruption {}

  /** Tasks that start in the class meanwhile take {@code factor} times as long. */
  record Slowdown(double atSeconds, int browserClass, double factor, double forSeconds)
      implements Disruption {}

  /**
   * A release of the browser that nobody was told of: tasks of the family that start in the class
   * from then on take {@code factor} times as long.
   */
  record Release(double atSeconds, int browserClass, ModelFamily family, double factor)
      implements Disruption {}
}
