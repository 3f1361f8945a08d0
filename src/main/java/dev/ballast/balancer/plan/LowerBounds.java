package dev.ballast.balancer.plan;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * What no schedule can beat, clairvoyant or not: mean times, no loads, no noise.
 *
 * @param makespanSeconds from time 0 to the end of the last task; the largest of
 *     <ul>
 *       <li>t + the end of the {@link ShareProgram} of all that is released at t or later, over
 *           release times t (Lenstra, Shmoys, Tardos 1990, relaxed)
 *       <li>release + best time of a single task
 *     </ul>
 *
 * @param meanSojournSeconds from release to end, averaged over tasks; the larger of
 *     <ul>
 *       <li>the mean best time
 *       <li>{@code 1/N·Σ (M_j + p_j/2 − r_j)}, where p_j is the best time of task j, r_j its
 *           release, and M_j its mean busy time on one machine of speed 1 that runs sizes {@code
 *           π_j = min_c p(j,c)·λ(c)}, smallest first, with preemption. Any prices λ ≥ 0 with {@code
 *           Σ n(c)·λ(c) = 1} make that machine at least as fast as the fleet: a slot of pool c that
 *           works on j for a second uses λ(c), and gets at most λ(c)/π_j of it done. That
 *           smallest-first minimises ΣM_j with release dates is Goemans 1997 ("Improved
 *           approximation algorithms for scheduling with release dates", SODA); C_j = M_j + p/2
 *           without preemption. For equal slots and r = 0 it is the bound of Eastman, Even, Isaacs
 *           1964.
 *     </ul>
 */
public record LowerBounds(double makespanSeconds, double meanSojournSeconds) {
  /** How the bounds were computed, for a report. */
  public static final String METHOD =
      "makespan: linear programme over models x browser classes, largest over release-time suffixes,"
          + " and the longest single task; mean sojourn: mean busy times on one machine at the"
          + " programme's dual prices";

  private static final int SUFFIXES = 64;

  /** ojAlgo's optimum may lie this much above the true one. */
  private static final double SOLVER_ERROR = 1e-9;

  /** A released task on the one machine. */
  private record Job(double size, double remaining, double busyMoment) {}

  /**
   * Tasks that can run nowhere are left out.
   *
   * @param seconds mean time of model m on pool c, infinite where it cannot run
   * @param slots tasks at a time of each pool
   * @param release of each task, in seconds, ascending, not negative
   * @param model of each task
   */
  public static LowerBounds of(double[][] seconds, double[] slots, double[] release, int[] model) {
    for (int i = 1; i < release.length; i++) {
      if (release[i] < release[i - 1]) {
        throw new IllegalArgumentException(
            "release %d (%s s) is before the one before it (%s s)"
                .formatted(i, release[i], release[i - 1]));
      }
    }
    double[] demand = new double[seconds.length];
    int step = Math.max(1, release.length / SUFFIXES);
    double longest = 0;
    double makespan = 0;
    double sojourn = 0;
    ShareProgram last = program(seconds, demand.clone(), slots);
    double lastRelease = 0;
    for (int i = release.length - 1; i >= 0; i--) {
      double best = bestSeconds(last, model[i]);
      if (best < Double.POSITIVE_INFINITY) {
        demand[model[i]]++;
        longest = Math.max(longest, release[i] + best);
      }
      boolean whole = i == 0 || release[i - 1] < release[i];
      if (whole && (i == 0 || (release.length - i) % step == 0)) {
        ShareProgram suffix = program(seconds, demand.clone(), slots);
        Shares shares = ShareSolver.solve(suffix);
        if (release[i] + shares.endSeconds() > makespan) {
          makespan = release[i] + shares.endSeconds();
          last = suffix;
          lastRelease = release[i];
        }
        if (i == 0) {
          sojourn = meanSojourn(suffix, shares.poolPrice(), release, model);
        }
      }
    }
    // The suffix was found by the solver that also decides; its bound comes from another.
    double certified =
        makespan == 0 ? 0 : lastRelease + GeneralSolver.optimum(last) * (1 - SOLVER_ERROR);
    return new LowerBounds(Math.max(certified, longest), sojourn);
  }

  private static ShareProgram program(double[][] seconds, double[] demand, double[] slots) {
    return new ShareProgram(seconds, demand, slots, new double[slots.length], 0);
  }

  private static double bestSeconds(ShareProgram program, int model) {
    double best = Double.POSITIVE_INFINITY;
    for (int c = 0; c < program.slots().length; c++) {
      if (program.allowed(model, c)) {
        best = Math.min(best, program.seconds()[model][c]);
      }
    }
    return best;
  }

  private static double meanSojourn(
      ShareProgram program, double[] price, double[] release, int[] model) {
    int models = program.seconds().length;
    double[] size = new double[models];
    double[] best = new double[models];
    double capacity = 0;
    for (int c = 0; c < price.length; c++) {
      capacity += price[c] * program.slots()[c];
    }
    for (int m = 0; m < models; m++) {
      best[m] = bestSeconds(program, m);
      size[m] = Double.POSITIVE_INFINITY;
      for (int c = 0; c < price.length; c++) {
        if (program.allowed(m, c)) {
          size[m] = Math.min(size[m], program.seconds()[m][c] * price[c] / capacity);
        }
      }
    }
    double sum = 0;
    double shortest = 0;
    int tasks = 0;
    double now = 0;
    PriorityQueue<Job> waiting = new PriorityQueue<>(Comparator.comparingDouble(Job::size));
    for (int i = 0; i < release.length; i++) {
      if (best[model[i]] == Double.POSITIVE_INFINITY) {
        continue;
      }
      sum += run(waiting, now, release[i]);
      now = release[i];
      waiting.add(new Job(size[model[i]], size[model[i]], 0));
      sum += best[model[i]] / 2 - release[i];
      shortest += best[model[i]];
      tasks++;
    }
    sum += run(waiting, now, Double.POSITIVE_INFINITY);
    return tasks == 0 ? 0 : Math.max(sum, shortest) / tasks;
  }

  /** Runs the machine from one time to another; the sum of the mean busy times of what ended. */
  private static double run(PriorityQueue<Job> waiting, double from, double until) {
    double now = from;
    double sum = 0;
    while (now < until && !waiting.isEmpty()) {
      Job job = waiting.remove();
      double spent = Math.min(job.remaining(), until - now);
      double moment = job.busyMoment() + spent * (now + spent / 2);
      now += spent;
      if (spent < job.remaining()) {
        waiting.add(new Job(job.size(), job.remaining() - spent, moment));
      } else {
        sum += job.size() > 0 ? moment / job.size() : now;
      }
    }
    return sum;
  }
}
