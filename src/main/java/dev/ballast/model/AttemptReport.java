package dev.ballast.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A result with its evidence, re-sent until it is acknowledged. */
public record AttemptReport(AttemptResult result, @Nullable Evidence evidence) {
  public AttemptReport {
    requireNonNull(result, "result");
  }

  /** What a failed page left behind: the page's console, and a screenshot as PNG in base64. */
  public record Evidence(@Nullable String console, @Nullable String screenshot) {}
}
