package dev.ballast.simulate;

import dev.ballast.simulate.workload.Workload;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Work in the house over time: the best possible service times of waiting and running tasks, per
 * slot, in seconds; from the first arrival to the last end.
 */
final class LoadOverTime {
  private final double[] from;
  private final double[] load;
  private final int size;

  /** {@code from[i]} to {@code from[i + 1]} it was {@code load[i]}. */
  LoadOverTime(Workload workload, RunLog log) {
    int tasks = workload.arrivals().size();
    int[] ends =
        IntStream.range(0, tasks)
            .filter(
                task -> log.end[task] == RunLog.End.COMPLETED || log.end[task] == RunLog.End.FAILED)
            .boxed()
            .sorted(Comparator.comparingDouble(task -> log.ended[task]))
            .mapToInt(task -> task)
            .toArray();
    double[] best = new double[workload.models().size()];
    for (int model = 0; model < best.length; model++) {
      best[model] = workload.bestServiceSeconds(model) / workload.slots();
    }
    from = new double[tasks + ends.length];
    load = new double[tasks + ends.length];
    int count = 0;
    int end = 0;
    double now = 0;
    for (int task = 0; task < tasks || end < ends.length; ) {
      boolean arrival =
          task < tasks
              && (end == ends.length || workload.arrivals().seconds(task) <= log.ended[ends[end]]);
      int which = arrival ? task++ : ends[end++];
      if (log.end[which] == RunLog.End.OPEN || log.end[which] == RunLog.End.UNPLACEABLE) {
        continue;
      }
      double work = best[workload.arrivals().model(which)];
      now = Math.max(0, now + (arrival ? work : -work));
      from[count] = arrival ? workload.arrivals().seconds(which) : log.ended[which];
      load[count] = now;
      count++;
    }
    size = count;
  }

  int size() {
    return size;
  }

  double from(int i) {
    return from[i];
  }

  double load(int i) {
    return load[i];
  }

  /** Weighted by time. */
  double quantile(double share) {
    if (size < 2) {
      return 0;
    }
    int[] order =
        IntStream.range(0, size - 1)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> load[i]))
            .mapToInt(i -> i)
            .toArray();
    double total = from[size - 1] - from[0];
    double seen = 0;
    for (int i : order) {
      seen += from[i + 1] - from[i];
      if (seen >= share * total) {
        return load[i];
      }
    }
    return load[order[order.length - 1]];
  }

  /** The steps in order, thinned out to at most that many. */
  double[][] thinned(int most) {
    int every = Math.max(1, size / most);
    return IntStream.range(0, size)
        .filter(i -> i % every == 0)
        .mapToObj(i -> new double[] {from[i], load[i]})
        .toArray(double[][]::new);
  }
}
