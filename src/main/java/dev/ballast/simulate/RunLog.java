package dev.ballast.simulate;

import java.util.Arrays;

/** What happened in one run, by task number. */
public final class RunLog {
  /** How a task ended. */
  public enum End {
    OPEN,
    COMPLETED,
    FAILED,
    UNPLACEABLE
  }

  final End[] end;
  final int[] accepted;

  /** Start of the last attempt, in seconds. */
  final double[] started;

  /** End of the last attempt, in seconds. */
  final double[] ended;

  final int[] browser;
  final boolean[] loaded;
  long steals;
  long unnecessarySteals;
  long modelLoads;
  double peakMemoryMiB;
  double recoverySeconds;

  /** Time of browsers, from the wish for one to its end; NaN where the fleet is fixed. */
  double workerSeconds = Double.NaN;

  int recoveries;
  long decisionNanos;
  long decisions;
  double[] busySeconds;
  double[] presentSeconds;

  RunLog(int tasks, int browsers) {
    end = new End[tasks];
    Arrays.fill(end, End.OPEN);
    accepted = new int[tasks];
    started = new double[tasks];
    ended = new double[tasks];
    browser = new int[tasks];
    Arrays.fill(browser, -1);
    loaded = new boolean[tasks];
    busySeconds = new double[browsers];
    presentSeconds = new double[browsers];
  }

  /**
   * Time of browsers, from the wish for one to its end, in seconds; NaN where the fleet is fixed.
   */
  public double workerSeconds() {
    return workerSeconds;
  }
}
