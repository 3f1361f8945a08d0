package dev.ballast.simulate;

import dev.ballast.simulate.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One run as it is drawn.
 *
 * @param load steps of (time, work in the house per slot), both in seconds
 * @param regret after each start, (time, what tasks took on average more than where they run best,
 *     summed), in seconds
 * @param bars the last attempts of tasks on some of the slots, early in the run
 * @param lanes names of these slots
 */
// Points of a drawing: read once, in order, and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Trace(
    String policy, double[][] load, double[][] regret, List<Bar> bars, List<String> lanes) {
  private static final int POINTS = 600;
  private static final int LANES = 24;
  private static final int BARS_PER_LANE = 25;

  /**
   * A task in a slot.
   *
   * @param model index in the workload
   * @param loaded whether its model had to be loaded first
   */
  public record Bar(int lane, double from, double to, int model, boolean loaded) {}

  /** A slot that is drawn. */
  private static final class Lane {
    final int browser;
    double freeAt;

    Lane(int browser) {
      this.browser = browser;
    }
  }

  static Trace of(String policy, Workload workload, RunLog log) {
    int[] order =
        IntStream.range(0, workload.arrivals().size())
            .filter(task -> log.browser[task] >= 0)
            .boxed()
            .sorted(Comparator.comparingDouble(task -> log.started[task]))
            .mapToInt(task -> task)
            .toArray();
    List<Lane> lanes = new ArrayList<>();
    List<String> names = new ArrayList<>();
    chooseLanes(workload, lanes, names);
    return new Trace(
        policy,
        new LoadOverTime(workload, log).thinned(POINTS),
        regret(workload, log, order),
        bars(workload, log, order, lanes),
        names);
  }

  private static double[][] regret(Workload workload, RunLog log, int[] order) {
    int[] classOf = classes(workload);
    double[][] points = new double[order.length][];
    double sum = 0;
    for (int i = 0; i < order.length; i++) {
      int task = order[i];
      int model = workload.arrivals().model(task);
      sum +=
          log.meanSeconds(workload, classOf[log.browser[task]], task)
              - workload.bestServiceSeconds(model, log.started[task]);
      points[i] = new double[] {log.started[task], sum};
    }
    int every = Math.max(1, points.length / POINTS);
    return IntStream.range(0, points.length)
        .filter(i -> i % every == 0 || i == points.length - 1)
        .mapToObj(i -> points[i])
        .toArray(double[][]::new);
  }

  /** Browsers of all classes in turn, until there are lanes enough. */
  private static void chooseLanes(Workload workload, List<Lane> lanes, List<String> names) {
    int[] first = new int[workload.browsers().size()];
    for (int at = 1; at < first.length; at++) {
      first[at] = first[at - 1] + workload.browsers().get(at - 1).count();
    }
    int share = Math.max(1, LANES / first.length);
    for (int at = 0; at < first.length; at++) {
      var browsers = workload.browsers().get(at);
      int drawn = 0;
      for (int i = 0; i < browsers.count() && drawn + browsers.slots() <= share + 1; i++) {
        for (int slot = 0; slot < browsers.slots(); slot++) {
          lanes.add(new Lane(first[at] + i));
          names.add(slot == 0 ? browsers.name() + "-" + (i + 1) : "");
          drawn++;
        }
      }
    }
  }

  private static List<Bar> bars(Workload workload, RunLog log, int[] order, List<Lane> lanes) {
    double mean =
        Arrays.stream(order)
            .mapToDouble(task -> log.ended[task] - log.started[task])
            .average()
            .orElse(0);
    List<Bar> bars = new ArrayList<>();
    for (int task : order) {
      if (log.started[task] > BARS_PER_LANE * mean) {
        break;
      }
      for (int lane = 0; lane < lanes.size(); lane++) {
        Lane slot = lanes.get(lane);
        if (slot.browser == log.browser[task] && slot.freeAt <= log.started[task] + 1e-9) {
          slot.freeAt = log.ended[task];
          bars.add(
              new Bar(
                  lane,
                  log.started[task],
                  log.ended[task],
                  workload.arrivals().model(task),
                  log.loaded[task]));
          break;
        }
      }
    }
    return bars;
  }

  private static int[] classes(Workload workload) {
    return IntStream.range(0, workload.browsers().size())
        .flatMap(at -> IntStream.generate(() -> at).limit(workload.browsers().get(at).count()))
        .toArray();
  }
}
