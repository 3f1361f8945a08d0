package dev.ballast.worker.measure;

import dev.ballast.model.RunOptions;
import dev.ballast.model.Summary;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Decides how many samples to take next, and when there are enough. Pure: what was sampled goes in,
 * the next step comes out.
 *
 * <p>Sampling stops at the first of
 *
 * <pre>n ≥ minIterations and width of the 95 % interval ÷ median ≤ target
 * n = maxIterations
 * elapsed ≥ maxDuration</pre>
 *
 * and, wherever {@code maxIterations} and {@code maxDuration} allow, not before the second block:
 * browsers that are compared take turns by blocks, so one block alone would confound the browser
 * with the moment. Looking at the interval after every block makes it slightly optimistic, which
 * the minimum keeps small.
 *
 * @param inferencesPerSample how many inferences make one sample, whose time is divided by it
 */
public record SamplingPlan(RunOptions run, int inferencesPerSample) {

  /** A block is about this much work: long beside the change of turns, short beside drift. */
  static final double BLOCK_MILLIS = 400;

  /**
   * A sample should be at least this many steps of the page's clock: twice what {@link Judge} asks
   * for, since the warm-up that sizes it may have been slower than what follows.
   */
  static final double MIN_TIMER_STEPS = 40;

  private static final double MAX_SETTLING_MILLIS = 20;

  /** A pause shorter than this share of a run is not seen in it. */
  private static final double NOTICEABLE_RUNS = 0.1;

  /** What to do next. */
  public sealed interface Step {
    /** Take this many samples, ≥ 1, in one turn. */
    record Block(int iterations) implements Step {}

    /** Take no more. */
    record Stop(StopReason reason) implements Step {}
  }

  /** Why sampling ended. */
  public enum StopReason {
    INTERVAL_REACHED,
    MAX_ITERATIONS,
    MAX_DURATION
  }

  /**
   * The next step.
   *
   * @param blocks samples in milliseconds, one array for each block so far
   * @param elapsed time spent sampling, waiting for the turn not included
   * @param expectedMillis of one inference, where there was a warm-up: it sizes the first block
   */
  public Step next(List<double[]> blocks, Duration elapsed, OptionalDouble expectedMillis) {
    double[] samples = blocks.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
    int left = run.maxIterations() - samples.length;
    if (left <= 0) {
      return new Step.Stop(StopReason.MAX_ITERATIONS);
    }
    if (samples.length == 0) {
      return new Step.Block(firstBlock(expectedMillis));
    }
    if (elapsed.compareTo(run.maxDuration()) >= 0) {
      return new Step.Stop(StopReason.MAX_DURATION);
    }
    double width = Summary.relativeWidth(samples);
    boolean narrow = width <= run.targetCiWidthRatio();
    if (blocks.size() >= 2 && samples.length >= run.minIterations() && narrow) {
      return new Step.Stop(StopReason.INTERVAL_REACHED);
    }
    int wanted = Math.max(stillNeeded(samples.length, width), run.minIterations() - samples.length);
    double millis =
        Math.max(java.util.Arrays.stream(samples).average().orElse(0), 0) * inferencesPerSample;
    int inTime = fitting(BLOCK_MILLIS, millis);
    int beforeEnd = fitting(run.maxDuration().minus(elapsed).toNanos() / 1e6, millis);
    return new Step.Block(Math.clamp(Math.min(wanted, Math.min(inTime, beforeEnd)), 1, left));
  }

  /**
   * How many inferences to put in one sample (whose time is then divided by it), so that the step
   * of the page's clock is small beside it. 1 where the clock is fine enough already.
   *
   * @param expectedMillis the time of one inference
   * @param timerResolutionMillis the smallest step of the page's clock
   */
  public static int inferencesPerSample(double expectedMillis, double timerResolutionMillis) {
    double needed = timerResolutionMillis * MIN_TIMER_STEPS;
    if (!(needed > 0) || expectedMillis >= needed) {
      return 1;
    }
    return (int) Math.clamp(Math.ceil(needed / Math.max(expectedMillis, needed / 1000)), 1, 1000);
  }

  /**
   * How many runs to throw away at the start of each block: after a pause a processor needs some
   * milliseconds to come back to its clock and its caches, and the first runs take up to half as
   * long again. It is given as long as it rested, up to 20 ms; no run is thrown away where that is
   * less than a tenth of one, since it then costs the sample less than a twentieth.
   *
   * @param expectedMillis the time of one inference
   * @param restedMillis since the last run of the page ended
   */
  public static int settlingRuns(double expectedMillis, double restedMillis) {
    if (!(expectedMillis > 0)) {
      return 1;
    }
    double runs = Math.clamp(restedMillis, 0, MAX_SETTLING_MILLIS) / expectedMillis;
    return runs < NOTICEABLE_RUNS ? 0 : (int) Math.min(Math.ceil(runs), 200);
  }

  /** At most half of what is allowed, so that a second block follows. */
  private int firstBlock(OptionalDouble expectedMillis) {
    int half = Math.max(1, run.maxIterations() / 2);
    int unknown = Math.max(1, (run.minIterations() + 1) / 2);
    int wanted =
        expectedMillis.isPresent()
            ? Math.min(
                fitting(BLOCK_MILLIS, inferencesPerSample * expectedMillis.getAsDouble()),
                fitting(
                    run.maxDuration().toNanos() / 2e6,
                    inferencesPerSample * expectedMillis.getAsDouble()))
            : unknown;
    return Math.clamp(wanted, 1, half);
  }

  /** The interval narrows with the root of n: from its width now follows how many are missing. */
  private int stillNeeded(int n, double width) {
    double ratio = width / run.targetCiWidthRatio();
    double missing = n * (ratio * ratio - 1);
    // Already narrow, yet only one block: the second is as long as the first.
    return missing <= 0 ? n : (int) Math.min(Math.ceil(missing), run.maxIterations());
  }

  private static int fitting(double budgetMillis, double sampleMillis) {
    return sampleMillis <= 0
        ? Integer.MAX_VALUE
        : (int) Math.clamp(budgetMillis / sampleMillis, 1, Integer.MAX_VALUE);
  }
}
