package dev.ballast.worker.measure;

import dev.ballast.model.RunOptions;
import dev.ballast.model.Summary;

/**
 * Says how many samples to take next, and when to stop: when the 95 % interval is narrow enough, at the most samples allowed, or out of time.
 *
 * <p>Samples come in blocks, at least two of them, so that compared browsers can take turns (ABBA) and drift between blocks can be seen.
 */
public final class SamplingPlan {
  /** A block is about this long: much longer than the hand-over, much shorter than the drift of a machine. */
  private static final double BLOCK_MILLIS = 400;

  private final RunOptions options;

  /** What to do next. */
  public sealed interface Step {
    /** Run {@code discard} iterations that do not count, then {@code iterations} that do. */
    record Block(int discard, int iterations) implements Step {}

    /** Enough; {@code narrow}: the interval has reached its target. */
    record Stop(boolean narrow) implements Step {}
  }

  public SamplingPlan(RunOptions options) {
    this.options = options;
  }

  /** The next step after {@code samples} (milliseconds each) which took {@code blocks} blocks and {@code sampledMillis} with all their warm-up. */
  public Step next(double[] samples, int blocks, double sampledMillis) {
    int taken = samples.length;
    int least = Math.min(options.minIterations(), options.maxIterations());
    if (blocks == 0) {
      return new Step.Block(options.warmupIterations(), Math.max(1, least / 2));
    }
    boolean narrow = taken >= 2 && Summary.of(samples).relativeWidth() <= options.targetCiWidthRatio();
    boolean outOfTime = sampledMillis >= options.maxDuration().toMillis();
    if (taken >= options.maxIterations() || outOfTime || (narrow && taken >= least && blocks >= 2)) {
      return new Step.Stop(narrow);
    }
    double mean = Math.max(1e-3, sampledMillis / taken);
    long fitting = Math.max(1, Math.round(BLOCK_MILLIS / mean));
    long wanted = taken < least ? Math.max(least - taken, Math.min(fitting, least)) : fitting;
    double leftMillis = options.maxDuration().toMillis() - sampledMillis;
    long affordable = Math.max(1, (long) (leftMillis / mean));
    // One run after each hand-over warms the caches that the other browser has emptied.
    int discard = options.warmupIterations() > 0 ? 1 : 0;
    return new Step.Block(discard, (int) Math.min(Math.min(wanted, affordable), options.maxIterations() - taken));
  }
}
