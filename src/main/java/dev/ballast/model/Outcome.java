package dev.ballast.model;

import java.util.Arrays;

/** How an attempt ended. */
public enum Outcome {
  SUCCEEDED("succeeded"),
  FAILED("failed"),
  TIMED_OUT("timed-out"),
  CRASHED("crashed"),
  HUNG("hung"),
  OUT_OF_MEMORY("out-of-memory"),
  DEVICE_LOST("device-lost"),
  WORKER_LOST("worker-lost"),
  CANCELLED("cancelled");

  private final String label;

  Outcome(String label) {
    this.label = label;
  }

  /** The name used in results, for example {@code timed-out}. */
  public String label() {
    return label;
  }

  /** The outcome of that name; throws {@link IllegalArgumentException} for another word. */
  public static Outcome of(String label) {
    return Arrays.stream(values())
        .filter(outcome -> outcome.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "\"%s\" is not an outcome. Known: %s".formatted(label, Arrays.toString(values()))));
  }

  @Override
  public String toString() {
    return label;
  }
}
