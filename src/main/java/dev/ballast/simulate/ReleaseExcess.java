package dev.ballast.simulate;

import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.Workload;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How soon a policy finds out that a release has changed which browser is fastest: by how much the
 * true mean service times of a model's tasks exceed the best there is, over the 11th to 30th and
 * the 31st to 60th of the model's tasks that start after the last release. Models whose times the
 * release changed, all alike; 0.2 is 20 %.
 */
final class ReleaseExcess {
  private static final int[] FROM = {10, 30};
  private static final int[] UNTIL = {30, 60};

  private final Workload workload;
  private final RunLog log;
  private final int[] classOf;

  ReleaseExcess(Workload workload, RunLog log, int[] classOf) {
    this.workload = workload;
    this.log = log;
    this.classOf = classOf;
  }

  /** Adds what was measured; nothing of a span that no model has in full. */
  void measure(Map<String, Double> values) {
    for (int i = 0; i < FROM.length; i++) {
      double sum = 0;
      int models = 0;
      for (int model = 0; model < workload.models().size(); model++) {
        int[] tasks = after(model);
        if (changed(model) && tasks.length >= UNTIL[i]) {
          sum += excess(model, tasks, FROM[i], UNTIL[i]);
          models++;
        }
      }
      if (models > 0) {
        values.put("releaseExcess%dTo%d".formatted(FROM[i], UNTIL[i]), sum / models);
      }
    }
  }

  private boolean changed(int model) {
    return workload.releases().stream()
        .anyMatch(release -> workload.changes(release, model, release.browserClass()));
  }

  /** Tasks of the model that started after the last release, in the order of their starts. */
  private int[] after(int model) {
    double since =
        workload.releases().stream().mapToDouble(Disruption::atSeconds).max().orElseThrow();
    return IntStream.range(0, workload.arrivals().size())
        .filter(task ->
            workload.arrivals().model(task) == model
                && log.end[task] == RunLog.End.COMPLETED
                && log.started[task] >= since)
        .boxed()
        .sorted(Comparator.comparingDouble(task -> log.started[task]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private double excess(int model, int[] tasks, int from, int until) {
    double taken = 0;
    double best = 0;
    for (int i = from; i < until; i++) {
      double at = log.started[tasks[i]];
      taken += log.meanSeconds(workload, classOf[log.browser[tasks[i]]], tasks[i]);
      best += workload.bestServiceSeconds(model, at);
    }
    return taken / best - 1;
  }
}
