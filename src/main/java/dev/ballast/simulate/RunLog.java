package dev.ballast.simulate;

import dev.ballast.model.Backend;
import dev.ballast.simulate.workload.Workload;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

  /** On what the last attempt computed; null for a task that never started. */
  final @Nullable Backend[] backend;

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
    backend = new Backend[tasks];
    loaded = new boolean[tasks];
    busySeconds = new double[browsers];
    presentSeconds = new double[browsers];
  }

  /** True mean service time of a task that ran, on its backend in a browser of the class. */
  double meanSeconds(Workload workload, int browserClass, int task) {
    return workload.serviceSeconds(
        workload.arrivals().model(task),
        browserClass,
        Objects.requireNonNull(backend[task]),
        started[task]);
  }

  /**
   * Time of browsers, from the wish for one to its end, in seconds; NaN where the fleet is fixed.
   */
  public double workerSeconds() {
    return workerSeconds;
  }
}
