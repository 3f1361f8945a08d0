package dev.ballast.dispatch;

import static dev.ballast.model.BrowserKind.CHROMIUM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * How long jobs wait beside what their weights imply: an ideal machine that is divided among those
 * that have work, by weight, at every moment (generalized processor sharing; Parekh, Gallager
 * 1993).
 */
class FairnessTest {
  private static final int INSTANCES = 300;

  /** A job: so many tasks of a model of its own that takes so long. */
  private record Load(int weight, int tasks, int seconds) {
    double work() {
      return (double) tasks * seconds;
    }
  }

  /**
   * What runs is never broken off: where slots are few and the tasks of others long, a job's first
   * turn comes late, whatever the rule.
   */
  @Test
  void jobsWaitAsLongAsTheirWeightsImply() {
    List<Double> ratios = new ArrayList<>();
    for (int seed = 0; seed < INSTANCES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int slots = 2 + random.nextInt(7);
      List<Load> loads = new ArrayList<>();
      for (int job = 2 + random.nextInt(3); job > 0; job--) {
        loads.add(
            new Load(1 + random.nextInt(4), 4 * slots + random.nextInt(40), 1 + random.nextInt(6)));
      }
      List<Double> waits = meanWaits(slots, loads);
      List<Double> ideal = idealWaits(slots, loads);
      for (int job = 0; job < loads.size(); job++) {
        double ratio = waits.get(job) / ideal.get(job);
        assertThat(ratio)
            .describedAs("seed %d, %d slots, %s: job %d", seed, slots, loads, job)
            .isLessThan(2);
        ratios.add(ratio);
      }
    }
    Collections.sort(ratios);
    double median = ratios.get(ratios.size() / 2);
    double of95 = ratios.get(ratios.size() * 95 / 100);
    double of99 = ratios.get(ratios.size() * 99 / 100);
    System.out.printf(
        "wait / what the weight implies, %d jobs: median %.2f, 95 %% %.2f, 99 %% %.2f, worst %.2f%n",
        ratios.size(), median, of95, of99, ratios.getLast());
    assertThat(median).isBetween(0.9, 1.05);
    assertThat(of95).isLessThan(1.15);
    assertThat(of99).isLessThan(1.5);
  }

  /** Weights that are not kept would show: nothing else differs between these two. */
  @Test
  void aJobOfThreeTimesTheWeightIsServedThreeTimesAsOften() {
    List<Load> loads = List.of(new Load(3, 90, 2), new Load(1, 90, 2));

    List<Double> waits = meanWaits(4, loads);

    assertThat(waits.get(1) / waits.get(0)).isCloseTo(2, within(0.1));
  }

  /** Mean time from submission to start, of each job's tasks, in seconds. */
  private static List<Double> meanWaits(int slots, List<Load> loads) {
    TestingDispatch dispatch = new TestingDispatch();
    Map<String, Integer> jobs = new HashMap<>();
    for (int job = 0; job < loads.size(); job++) {
      ModelFamily family = List.of(ModelFamily.values()).get(job);
      jobs.put(
          dispatch.submit(
              Examples.job("job-" + job)
                  .models(Examples.model("model-" + job, family))
                  .weight(loads.get(job).weight())
                  .repetitions(loads.get(job).tasks())),
          job);
    }
    dispatch.withWorker("c", CHROMIUM, slots);
    Instant begin = dispatch.now();
    double[] waited = new double[loads.size()];
    int[] count = new int[loads.size()];
    Map<AttemptId, Instant> started = new HashMap<>();
    int left = loads.stream().mapToInt(Load::tasks).sum();
    while (left > 0) {
      dispatch.start("c");
      for (Assignment running : dispatch.worker("c").running()) {
        int job = jobs.getOrDefault(running.attempt().task().job(), -1);
        if (started.putIfAbsent(running.attempt(), dispatch.now()) == null) {
          waited[job] += seconds(begin, dispatch.now());
          count[job]++;
        }
      }
      dispatch.pass(Duration.ofSeconds(1), "c");
      for (Assignment running : dispatch.worker("c").running()) {
        int job = jobs.getOrDefault(running.attempt().task().job(), -1);
        Instant at = started.getOrDefault(running.attempt(), begin);
        int takes = loads.get(job).seconds();
        if (seconds(at, dispatch.now()) >= takes) {
          dispatch.worker("c").finish(running.attempt(), Outcome.SUCCEEDED, at, 1000.0 * takes);
          left--;
        }
      }
      dispatch.sync("c");
    }
    List<Double> means = new ArrayList<>();
    for (int job = 0; job < loads.size(); job++) {
      means.add(waited[job] / count[job]);
    }
    return means;
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  /**
   * Mean time until a task's turn comes on the ideal machine: when what was served to its job
   * reaches the work before it.
   */
  private static List<Double> idealWaits(int slots, List<Load> loads) {
    double[] served = new double[loads.size()];
    double[] waited = new double[loads.size()];
    int[] turn = new int[loads.size()];
    double now = 0;
    double step = 0.01;
    while (true) {
      double weights = 0;
      for (int job = 0; job < loads.size(); job++) {
        while (turn[job] < loads.get(job).tasks()
            && served[job] >= (double) turn[job] * loads.get(job).seconds()) {
          waited[job] += now;
          turn[job]++;
        }
        weights += served[job] < loads.get(job).work() ? loads.get(job).weight() : 0;
      }
      if (weights == 0) {
        break;
      }
      for (int job = 0; job < loads.size(); job++) {
        if (served[job] < loads.get(job).work()) {
          served[job] += step * slots * loads.get(job).weight() / weights;
        }
      }
      now += step;
    }
    List<Double> means = new ArrayList<>();
    for (int job = 0; job < loads.size(); job++) {
      means.add(waited[job] / loads.get(job).tasks());
    }
    return means;
  }
}
