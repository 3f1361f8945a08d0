package dev.ballast.server.jobs;

import dev.ballast.balancer.WaitReason;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.TaskState;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.store.Measured;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job as its matrix: a cell for each model, browser and backend, however many repetitions it has.
 *
 * @param reasons why tasks wait, most frequent first
 */
public record MatrixDocument(List<CellDocument> cells, List<Waiting> reasons) {
  /** So many medians of a cell are told: enough to see how they spread. */
  private static final int MEDIANS = 200;

  /**
   * A cell: all repetitions of one model on one browser and backend.
   *
   * @param browser asked for, else the one that ran it; null while nothing did
   * @param backend asked for, else the one it ran on; null while nothing did
   * @param states tasks by where they are: waiting, bound, running, succeeded, failed, dropped
   * @param verdicts succeeded attempts by level
   * @param doubts succeeded attempts by reason of their verdict
   * @param medianMillis of {@code millis}; null before the first
   * @param millis median inference times of succeeded attempts that are not rejected, in the order
   *     of the tasks, at most 200
   */
  public record CellDocument(
      String model,
      ModelFamily family,
      @Nullable BrowserKind browser,
      @Nullable Backend backend,
      Map<String, Integer> states,
      Map<String, Integer> verdicts,
      Map<String, Integer> doubts,
      @Nullable Double medianMillis,
      List<Double> millis) {}

  /** One reason, and how many tasks have it. */
  public record Waiting(String code, String message, boolean unplaceable, int tasks) {}

  private record Key(String model, @Nullable BrowserKind browser, @Nullable Backend backend) {}

  private static final class Sums {
    final ModelFamily family;
    final Map<String, Integer> states = new TreeMap<>();
    final Map<String, Integer> verdicts = new TreeMap<>();
    final Map<String, Integer> doubts = new TreeMap<>();
    final List<Double> millis = new ArrayList<>();

    Sums(ModelFamily family) {
      this.family = family;
    }
  }

  public static MatrixDocument of(JobView job, List<Measured> measured) {
    Map<Integer, Measured> last = new HashMap<>();
    measured.forEach(attempt -> last.put(attempt.index(), attempt));
    Map<Key, Sums> cells = new LinkedHashMap<>();
    Map<String, Waiting> reasons = new HashMap<>();
    for (JobView.TaskView task : job.tasks()) {
      var cell = job.spec().cell(task.index());
      Measured attempt = last.get(task.index());
      Key key =
          new Key(
              cell.model().name(),
              cell.browser()
                  .orElseGet(() -> attempt == null ? null : attempt.browser().orElse(null)),
              cell.backend()
                  .orElseGet(() -> attempt == null ? null : attempt.backend().orElse(null)));
      Sums sums = cells.computeIfAbsent(key, _ -> new Sums(cell.model().family()));
      sums.states.merge(stateOf(task.state()), 1, Integer::sum);
      if (attempt != null && attempt.outcome() == Outcome.SUCCEEDED) {
        count(attempt, sums);
      }
      task.waitReason().ifPresent(reason -> count(reason, reasons));
    }
    return new MatrixDocument(
        cells.entrySet().stream().map(cell -> cell(cell.getKey(), cell.getValue())).toList(),
        reasons.values().stream().sorted((a, b) -> b.tasks() - a.tasks()).toList());
  }

  private static void count(Measured attempt, Sums sums) {
    sums.verdicts.merge(attempt.level(), 1, Integer::sum);
    attempt.reasons().forEach(reason -> sums.doubts.merge(reason, 1, Integer::sum));
    if (!attempt.level().equals("rejected")) {
      attempt.millis().ifPresent(sums.millis::add);
    }
  }

  /** The first message of a code speaks for all: they differ in their numbers only. */
  private static void count(WaitReason reason, Map<String, Waiting> reasons) {
    reasons.merge(
        reason.code(),
        new Waiting(reason.code(), reason.message(), reason.unplaceable(), 1),
        (a, b) -> new Waiting(a.code(), a.message(), a.unplaceable(), a.tasks() + b.tasks()));
  }

  private static String stateOf(TaskState state) {
    return state instanceof TaskState.Done(var _, Outcome outcome)
        ? outcome == Outcome.SUCCEEDED ? "succeeded" : "failed"
        : JobDocument.Task.stateOf(state);
  }

  private static CellDocument cell(Key key, Sums sums) {
    double[] sorted = sums.millis.stream().mapToDouble(millis -> millis).sorted().toArray();
    return new CellDocument(
        key.model(),
        sums.family,
        key.browser(),
        key.backend(),
        sums.states,
        sums.verdicts,
        sums.doubts,
        sorted.length == 0 ? null : median(sorted),
        sums.millis.subList(0, Math.min(MEDIANS, sums.millis.size())));
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
  }
}
