package dev.ballast.balancer.plan;

import java.util.SplittableRandom;

/** Random programmes, with what makes solvers stumble: ties, gaps, no demand, promised work. */
final class TestingPrograms {
  private TestingPrograms() {}

  static ShareProgram random(long seed, int mostModels, int mostPools) {
    SplittableRandom random = new SplittableRandom(seed);
    int models = 1 + random.nextInt(mostModels);
    int pools = 1 + random.nextInt(mostPools);
    boolean alike = random.nextInt(4) == 0;
    double[][] seconds = new double[models][pools];
    double[] demand = new double[models];
    double[] slots = new double[pools];
    double[] busy = new double[pools];
    for (int c = 0; c < pools; c++) {
      slots[c] = 1 + random.nextInt(20);
      busy[c] = random.nextInt(3) == 0 ? random.nextDouble() * 500 : 0;
    }
    for (int m = 0; m < models; m++) {
      demand[m] = random.nextInt(8) == 0 ? 0 : random.nextInt(500);
      int sure = random.nextInt(pools);
      for (int c = 0; c < pools; c++) {
        double time = alike ? 1 + random.nextInt(2) : 5 * Math.exp(random.nextGaussian());
        seconds[m][c] = c != sure && random.nextInt(8) == 0 ? Double.POSITIVE_INFINITY : time;
      }
    }
    return new ShareProgram(seconds, demand, slots, busy, random.nextBoolean() ? 0.01 : 0.2);
  }
}
