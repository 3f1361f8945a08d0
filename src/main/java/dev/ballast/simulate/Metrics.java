package dev.ballast.simulate;

import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.workload.Arrivals;
import dev.ballast.simulate.workload.Workload;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of one run, by the names of the contract. What was not measured in the run (a
 * recovery without a loss, say) is absent, never 0.
 */
public final class Metrics {
  private static final double MATCHED_WITHIN = 1.1;

  private final Workload workload;
  private final RunLog log;
  private final Map<String, Double> values = new LinkedHashMap<>();

  private Metrics(Workload workload, RunLog log) {
    this.workload = workload;
    this.log = log;
  }

  /** In a fixed order. */
  public static Map<String, Double> of(Workload workload, RunLog log) {
    Metrics metrics = new Metrics(workload, log);
    metrics.measure();
    return Collections.unmodifiableMap(metrics.values);
  }

  private void measure() {
    Arrivals arrivals = workload.arrivals();
    int tasks = arrivals.size();
    double[] waits = new double[tasks];
    int[] classOf = classes();
    Map<ModelFamily, double[]> families = new EnumMap<>(ModelFamily.class);
    int completed = 0;
    int failed = 0;
    int unplaceable = 0;
    int lost = 0;
    int duplicated = 0;
    int matched = 0;
    int choices = 0;
    int chosenWell = 0;
    double makespan = 0;
    double sojourns = 0;
    double bestWork = 0;
    for (int task = 0; task < tasks; task++) {
      duplicated += Math.max(0, log.accepted[task] - 1);
      switch (log.end[task]) {
        case OPEN -> lost++;
        case UNPLACEABLE -> unplaceable++;
        case FAILED -> {
          failed++;
          makespan = Math.max(makespan, log.ended[task]);
        }
        case COMPLETED -> {
          int model = arrivals.model(task);
          waits[completed++] = log.started[task] - arrivals.seconds(task);
          sojourns += log.ended[task] - arrivals.seconds(task);
          makespan = Math.max(makespan, log.ended[task]);
          double best = workload.bestServiceSeconds(model, log.started[task]);
          bestWork += best;
          int at = classOf[log.browser[task]];
          double service = log.meanSeconds(workload, at, task);
          matched += service <= best * MATCHED_WITHIN ? 1 : 0;
          if (workload.choosesBackend(model, at)) {
            choices++;
            double fastest = workload.serviceSeconds(model, at, log.started[task]);
            chosenWell += service <= fastest * MATCHED_WITHIN ? 1 : 0;
          }
          double[] family =
              families.computeIfAbsent(workload.models().get(model).family(), _ -> new double[2]);
          family[0]++;
          family[1] = Math.max(family[1], log.ended[task]);
        }
      }
    }
    waits = Arrays.copyOf(waits, completed);
    Arrays.sort(waits);
    if (completed > 0) {
      values.put("makespanSeconds", makespan);
      values.put("meanWaitSeconds", Arrays.stream(waits).sum() / completed);
      values.put("p50WaitSeconds", quantile(waits, 0.50));
      values.put("p95WaitSeconds", quantile(waits, 0.95));
      values.put("p99WaitSeconds", quantile(waits, 0.99));
      values.put("meanSojournSeconds", sojourns / completed);
      values.put("throughputPerSecond", completed / makespan);
      families.forEach(
          (family, seen) -> values.put("throughputPerSecond." + family.label(), seen[0] / seen[1]));
    }
    int placeable = tasks - unplaceable;
    if (placeable > 0) {
      values.put("migrationsPerTask", (double) log.steals / placeable);
      values.put("unnecessaryMigrationsPerTask", (double) log.unnecessarySteals / placeable);
    }
    values.put("modelLoads", (double) log.modelLoads);
    if (completed > 0) {
      values.put("loadImbalance", imbalance());
      values.put("capabilityUtilization", bestWork / (workload.slots() * makespan));
      values.put("matchedRatio", (double) matched / completed);
      if (choices > 0) {
        values.put("matchedBackendRatio", (double) chosenWell / choices);
      }
      values.put("peakLoadSeconds", new LoadOverTime(workload, log).quantile(0.99));
    }
    values.put("peakMemoryMiB", log.peakMemoryMiB);
    if (log.recoveries > 0) {
      values.put("recoverySeconds", log.recoverySeconds / log.recoveries);
    }
    values.put("completed", (double) completed);
    values.put("failed", (double) failed);
    values.put("unplaceable", (double) unplaceable);
    values.put("lost", (double) lost);
    values.put("duplicated", (double) duplicated);
    if (!workload.releases().isEmpty()) {
      new ReleaseExcess(workload, log, classOf).measure(values);
    }
    if (log.decisionNanos > 0 && log.decisions > 0) {
      values.put("decisionMicros", log.decisionNanos / 1e3 / log.decisions);
    }
  }

  /** Coefficient of variation over browsers of the share of their slot time that was busy. */
  private double imbalance() {
    int[] classOf = classes();
    double sum = 0;
    double squares = 0;
    int count = log.busySeconds.length;
    for (int browser = 0; browser < count; browser++) {
      int slots = workload.browsers().get(classOf[browser]).slots();
      double present = log.presentSeconds[browser] * slots;
      double busy = present > 0 ? log.busySeconds[browser] / present : 0;
      sum += busy;
      squares += busy * busy;
    }
    double mean = sum / count;
    return mean > 0 ? Math.sqrt(Math.max(0, squares / count - mean * mean)) / mean : 0;
  }

  private int[] classes() {
    int[] classOf = new int[log.busySeconds.length];
    int browser = 0;
    for (int at = 0; at < workload.browsers().size(); at++) {
      for (int i = 0; i < workload.browsers().get(at).count(); i++) {
        classOf[browser++] = at;
      }
    }
    return classOf;
  }

  /** By linear interpolation between the closest ranks. */
  static double quantile(double[] sorted, double share) {
    double rank = share * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }
}
