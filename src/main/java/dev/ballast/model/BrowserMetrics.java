package dev.ballast.model;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a worker last measured of its browser. Absent is not zero.
 *
 * @param utilizationRatio share of slot time spent on attempts lately, 0–1
 * @param memoryBytes proportional set size of the browser's process tree
 * @param residentModels loaded models as {@code name|backend}, least recently used first
 */
public record BrowserMetrics(
    OptionalDouble utilizationRatio,
    OptionalLong memoryBytes,
    int activeModels,
    List<String> residentModels,
    long tasksDone,
    Duration age,
    boolean healthy) {
  public BrowserMetrics {
    if (utilizationRatio.isPresent()
        && !(utilizationRatio.getAsDouble() >= 0 && utilizationRatio.getAsDouble() <= 1)) {
      throw new IllegalArgumentException(
          "utilizationRatio (%s) must lie in 0–1. Maybe it is a percentage?"
              .formatted(utilizationRatio.getAsDouble()));
    }
    if (memoryBytes.orElse(0) < 0 || activeModels < 0 || tasksDone < 0) {
      throw new IllegalArgumentException(
          "memoryBytes (%s), activeModels (%d) and tasksDone (%d) must not be negative"
              .formatted(memoryBytes, activeModels, tasksDone));
    }
    residentModels = List.copyOf(residentModels);
  }

  /** The form in which a loaded model is listed in {@link #residentModels}. */
  public static String resident(String model, Backend backend) {
    return model + "|" + backend;
  }
}
