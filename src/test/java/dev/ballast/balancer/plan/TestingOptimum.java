package dev.ballast.balancer.plan;

/** The best of all schedules without preemption, found by trying every one. */
record TestingOptimum(double makespanSeconds, double meanSojournSeconds) {

  static TestingOptimum of(double[][] seconds, double[] slots, double[] release, int[] model) {
    int all = 0;
    for (double each : slots) {
      all += (int) each;
    }
    int[] pool = new int[all];
    int next = 0;
    for (int c = 0; c < slots.length; c++) {
      for (int i = 0; i < (int) slots[c]; i++) {
        pool[next++] = c;
      }
    }
    double[] best = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    extend(seconds, pool, release, model, new double[all], new boolean[model.length], 0, 0, best);
    return new TestingOptimum(best[0], best[1] / model.length);
  }

  /** Starts each task that is left next on each slot, as early as it can. */
  private static void extend(
      double[][] seconds,
      int[] pool,
      double[] release,
      int[] model,
      double[] end,
      boolean[] done,
      double makespan,
      double sojourn,
      double[] best) {
    boolean complete = true;
    for (int task = 0; task < model.length; task++) {
      if (done[task]) {
        continue;
      }
      complete = false;
      for (int s = 0; s < pool.length; s++) {
        double time = seconds[model[task]][pool[s]];
        if (time < Double.POSITIVE_INFINITY) {
          double before = end[s];
          done[task] = true;
          end[s] = Math.max(before, release[task]) + time;
          extend(
              seconds,
              pool,
              release,
              model,
              end,
              done,
              Math.max(makespan, end[s]),
              sojourn + end[s] - release[task],
              best);
          end[s] = before;
          done[task] = false;
        }
      }
    }
    if (complete) {
      best[0] = Math.min(best[0], makespan);
      best[1] = Math.min(best[1], sojourn);
    }
  }
}
