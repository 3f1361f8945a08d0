package dev.ballast.worker.measure;

import dev.ballast.model.Backend;
import dev.ballast.model.RunOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All that is known of how samples came about.
 *
 * @param blocks samples in milliseconds, by block
 * @param warmedUp iterations that were thrown away before the first sample
 * @param narrow the 95 % interval reached its target
 * @param maxError difference of the output from the reference, absent where there is none
 * @param finite the output holds neither NaN nor infinity
 * @param pageHidden the page was not visible in some block
 * @param longestGapMillis longest pause between two iterations
 * @param timerResolutionMillis smallest step of the page's clock
 * @param othersCores cores that other processes kept busy meanwhile
 * @param throttledRatio share of the time in which the control group's quota stopped us
 * @param alone nothing else was measured on the machine meanwhile
 */
public record Measurement(
    RunOptions options,
    Backend requested,
    Optional<Backend> actual,
    List<Backend> allowedFallbacks,
    boolean softwareAdapter,
    boolean randomWeights,
    List<double[]> blocks,
    int warmedUp,
    boolean narrow,
    OptionalDouble maxError,
    OptionalDouble tolerance,
    boolean finite,
    boolean pageHidden,
    double longestGapMillis,
    OptionalDouble timerResolutionMillis,
    OptionalDouble othersCores,
    double throttledRatio,
    boolean alone) {
  public Measurement {
    allowedFallbacks = List.copyOf(allowedFallbacks);
    blocks = List.copyOf(blocks);
  }

  /** All samples, in the order they were taken. */
  public double[] samples() {
    return blocks.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
  }
}
