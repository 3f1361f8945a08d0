package dev.ballast.worker.measure;

import java.util.Arrays;

/**
 * How much slower than ever a fixed piece of arithmetic runs now: 1 is as fast as it was at best in
 * this process. Sees what no counter of the system tells: a busy sibling of the core, a crowded
 * host, a lower clock.
 *
 * <p>It is told beside results and not judged, because one core of a machine may by its make be
 * slower than another, and this runs on whichever is free.
 */
public final class Pace {
  private static final int NUMBERS = 8192;
  private static final int PASSES = 4;
  private static final int ROUNDS = 31;
  private static final int COMPILING_ROUNDS = 400;

  private final float[] numbers = new float[NUMBERS];
  private double bestNanos = Double.POSITIVE_INFINITY;

  /** Runs for some tens of milliseconds, so that it is compiled before it is first read. */
  public Pace() {
    for (int round = 0; round < COMPILING_ROUNDS; round++) {
      work();
    }
  }

  /** The slowdown, ≥ 1; takes some milliseconds of a core. */
  public synchronized double slowdown() {
    long[] rounds = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long from = System.nanoTime();
      work();
      rounds[round] = System.nanoTime() - from;
    }
    Arrays.sort(rounds);
    // The median: a round that was interrupted says nothing of the core's speed.
    double median = Math.max(1, rounds[ROUNDS / 2]);
    bestNanos = Math.min(bestNanos, median);
    return median / bestNanos;
  }

  private void work() {
    for (int pass = 0; pass < PASSES; pass++) {
      for (int i = 0; i < NUMBERS; i++) {
        numbers[i] = numbers[i] * 0.5f + 1;
      }
    }
  }
}
