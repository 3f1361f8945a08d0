package dev.ballast.simulate.forecast;

import dev.ballast.simulate.workload.Chance;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts per tick.
 *
 * @param name for people
 * @param counts each 0 or more
 * @param period the season's length in ticks, if it is known; 0: to be found out; 1: none
 */
// Read once, in order, and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record Series(String name, double[] counts, int period) {
  private static final int LENGTH = 1200;
  private static final int PERIOD = 48;

  /** The shape of the mean over time, and how counts scatter around it. */
  private interface Shape {
    double[] counts(Chance chance);
  }

  private record Kind(String name, int period, Shape shape) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("daily", PERIOD, chance -> scattered(chance, 0, daily(chance))),
          new Kind("daily, growing", PERIOD, chance -> scattered(chance, 0, growing(chance))),
          new Kind("daily, scattered", PERIOD, chance -> scattered(chance, 0.4, daily(chance))),
          new Kind("two peaks", PERIOD, chance -> scattered(chance, 0.2, peaks(chance))),
          new Kind("jumps", 1, chance -> scattered(chance, 0, jumps(chance))),
          new Kind("daily, jumps", PERIOD, chance -> scattered(chance, 0.1, both(chance))),
          new Kind("drifting", 1, chance -> scattered(chance, 0.1, drift(chance))),
          new Kind("bursts", 1, chance -> scattered(chance, 0, bursts(chance))),
          new Kind("rare", PERIOD, chance -> scattered(chance, 0, rare(chance))),
          new Kind("batches", PERIOD, Series::batches));

  /** Ten kinds in turn, each drawn anew. */
  public static List<Series> synthetic(long seed, int count) {
    List<Series> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Kind kind = KINDS.get(i % KINDS.size());
      all.add(
          new Series(
              kind.name() + " " + (i / KINDS.size() + 1),
              kind.shape().counts(Chance.of(seed, i)),
              kind.period()));
    }
    return all;
  }

  private static double wave(int tick) {
    return StrictMath.sin(2 * StrictMath.PI * tick / PERIOD);
  }

  private static double[] daily(Chance chance) {
    double mean = chance.uniform(5, 60);
    double swing = chance.uniform(0.3, 0.95);
    double[] means = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      means[i] = mean * (1 + swing * wave(i));
    }
    return means;
  }

  private static double[] growing(Chance chance) {
    double[] means = daily(chance);
    double growth = chance.uniform(-0.4, 1.5);
    for (int i = 0; i < LENGTH; i++) {
      means[i] *= 1 + growth * i / LENGTH;
    }
    return means;
  }

  private static double[] peaks(Chance chance) {
    double mean = chance.uniform(3, 30);
    int first = chance.between(4, 20);
    int second = chance.between(24, 44);
    double[] means = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      int phase = i % PERIOD;
      double near = Math.min(Math.abs(phase - first), Math.abs(phase - second));
      means[i] = mean * (0.3 + 3 * StrictMath.exp(-near * near / 18));
    }
    return means;
  }

  private static double[] jumps(Chance chance) {
    double mean = chance.uniform(5, 40);
    double[] means = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      if (chance.uniform() < 0.01) {
        mean = chance.uniform(2, 80);
      }
      means[i] = mean;
    }
    return means;
  }

  private static double[] both(Chance chance) {
    double[] means = daily(chance);
    double factor = 1;
    for (int i = 0; i < LENGTH; i++) {
      if (chance.uniform() < 0.005) {
        factor = chance.uniform(0.3, 2.5);
      }
      means[i] *= factor;
    }
    return means;
  }

  private static double[] drift(Chance chance) {
    double log = StrictMath.log(chance.uniform(10, 60));
    double home = log;
    double[] means = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      log += 0.08 * chance.normal() - 0.01 * (log - home);
      means[i] = StrictMath.exp(log);
    }
    return means;
  }

  private static double[] bursts(Chance chance) {
    double mean = chance.uniform(4, 20);
    boolean burst = false;
    double[] means = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      burst = chance.uniform() < (burst ? 0.1 : 0.033) ? !burst : burst;
      means[i] = mean * (burst ? 2.5 : 0.5);
    }
    return means;
  }

  private static double[] rare(Chance chance) {
    double mean = chance.uniform(0.5, 3);
    double[] means = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      means[i] = mean * (1 + 0.8 * wave(i));
    }
    return means;
  }

  /** Jobs come at a daily rate and bring several tasks each. */
  private static double[] batches(Chance chance) {
    double[] rate = daily(chance);
    double size = chance.uniform(2, 8);
    double[] counts = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      int jobs = poisson(rate[i] / 10, chance);
      for (int job = 0; job < jobs; job++) {
        counts[i] += Math.max(1, Math.rint(size * chance.logNormal(0.8)));
      }
    }
    return counts;
  }

  /** Poisson around a mean that itself scatters with that coefficient of variation. */
  private static double[] scattered(Chance chance, double variation, double[] means) {
    double[] counts = new double[means.length];
    for (int i = 0; i < means.length; i++) {
      counts[i] = poisson(means[i] * chance.logNormal(variation), chance);
    }
    return counts;
  }

  private static int poisson(double mean, Chance chance) {
    int count = 0;
    for (double left = mean - chance.exponential(1); left > 0; left -= chance.exponential(1)) {
      count++;
    }
    return count;
  }
}
