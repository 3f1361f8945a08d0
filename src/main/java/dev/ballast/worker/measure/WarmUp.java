package dev.ballast.worker.measure;

import dev.ballast.model.RunOptions;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Decides how long to run without counting, before the first sample. Pure: what the runs took goes
 * in, the next step comes out.
 *
 * <p>A browser compiles WebAssembly twice, the second time in the background and function by
 * function, while the quick first version runs: Chromium's goes on being a third slower for some
 * 0.6 s of work, and then is faster from one run to the next. No look at the runs before that can
 * tell, so that a model which was only just loaded is run for a second. One that has rested is run
 * for 0.3 s: its memory has left the caches, and the page's processor has slept. Then runs go on
 * while each chunk is still clearly faster than the one before ("steady state", Georges et al.,
 * "Statistically rigorous Java performance evaluation", OOPSLA 2007), at most three times as long.
 *
 * <p>Never longer than sampling itself may take ({@code maxDuration}, {@code maxIterations}),
 * except for the {@code warmupIterations} that were asked for; none of it when none were.
 *
 * @param restedRunMillis the first run of a model that was loaded before, so that only the rest is
 *     to be made up for; empty for one that was just loaded, whose first run tells nothing of the
 *     next
 */
public record WarmUp(RunOptions run, OptionalDouble restedRunMillis) {
  static final double FRESH_MILLIS = 1000;
  static final double RESTED_MILLIS = 300;

  /** A chunk this much faster than the one before says that it has not ended. */
  static final double STILL_FALLING_RATIO = 0.95;

  /** Each chunk is a question to the browser, which takes some milliseconds by itself. */
  private static final double MIN_CHUNK_MILLIS = 20;

  private static final int CHUNKS = 3;
  private static final int MAX_STRETCH = 3;

  /**
   * How many runs come next; 0 when it is warm.
   *
   * @param chunks milliseconds of the runs so far, one array for each step
   */
  public int next(List<double[]> chunks) {
    if (run.warmupIterations() == 0) {
      return 0;
    }
    if (chunks.isEmpty()) {
      double first = restedRunMillis.orElse(0);
      return Math.max(run.warmupIterations(), first > 0 ? chunk(first, wanted(first)) : 0);
    }
    double[] last = chunks.getLast();
    double each = Arrays.stream(last).average().orElse(0);
    double spent = chunks.stream().flatMapToDouble(Arrays::stream).sum();
    double wanted = wanted(each);
    double limit = Math.min(MAX_STRETCH * wanted, atMost(each));
    if (!(each > 0) || spent >= limit || (spent >= wanted && !falling(chunks))) {
      return 0;
    }
    return chunk(each, limit - spent);
  }

  private double wanted(double each) {
    return Math.min(restedRunMillis.isPresent() ? RESTED_MILLIS : FRESH_MILLIS, atMost(each));
  }

  private double atMost(double each) {
    return Math.min(run.maxDuration().toNanos() / 1e6, run.maxIterations() * each);
  }

  private int chunk(double each, double leftMillis) {
    double millis = Math.min(Math.max(wanted(each) / CHUNKS, MIN_CHUNK_MILLIS), leftMillis);
    return (int) Math.clamp(Math.ceil(millis / each), 1, 10_000);
  }

  private static boolean falling(List<double[]> chunks) {
    int n = chunks.size();
    return n >= 2 && median(chunks.get(n - 1)) < STILL_FALLING_RATIO * median(chunks.get(n - 2));
  }

  private static double median(double[] runs) {
    double[] sorted = runs.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
