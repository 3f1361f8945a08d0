package dev.ballast.simulate;

import dev.ballast.balancer.plan.LowerBounds;
import dev.ballast.simulate.workload.Workload;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What no policy can beat on an instance: by true means, without loads, failures and losses. */
final class Bounds {
  static final String METHOD = LowerBounds.METHOD;

  private final @Nullable LowerBounds bounds;

  private Bounds(@Nullable LowerBounds bounds) {
    this.bounds = bounds;
  }

  static Bounds of(Workload workload) {
    int[] tasks =
        IntStream.range(0, workload.arrivals().size())
            .filter(task ->
                workload.bestServiceSeconds(workload.arrivals().model(task))
                    < Double.POSITIVE_INFINITY)
            .toArray();
    if (tasks.length == 0) {
      return new Bounds(null);
    }
    int models = workload.models().size();
    int classes = workload.browsers().size();
    double[][] seconds = new double[models][classes];
    double[] slots = new double[classes];
    for (int at = 0; at < classes; at++) {
      slots[at] =
          (double) workload.browsers().get(at).count() * workload.browsers().get(at).slots();
      for (int of = 0; of < models; of++) {
        seconds[of][at] = workload.leastServiceSeconds(of, at);
      }
    }
    return new Bounds(
        LowerBounds.of(
            seconds,
            slots,
            IntStream.of(tasks).mapToDouble(workload.arrivals()::seconds).toArray(),
            IntStream.of(tasks).map(workload.arrivals()::model).toArray()));
  }

  /** NaN when nothing can run. */
  double makespanSeconds() {
    return bounds == null ? Double.NaN : bounds.makespanSeconds();
  }

  double meanSojournSeconds() {
    return bounds == null ? Double.NaN : bounds.meanSojournSeconds();
  }

  /** The figures, and how far they are from the bounds. */
  Map<String, Double> compare(Map<String, Double> figures) {
    Map<String, Double> all = new LinkedHashMap<>(figures);
    Double makespan = figures.get("makespanSeconds");
    Double sojourn = figures.get("meanSojournSeconds");
    if (bounds != null && makespan != null && sojourn != null) {
      all.put("makespanToBound", makespan / bounds.makespanSeconds());
      all.put("meanSojournToBound", sojourn / bounds.meanSojournSeconds());
    }
    return all;
  }
}
