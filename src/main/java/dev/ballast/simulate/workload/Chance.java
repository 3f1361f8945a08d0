package dev.ballast.simulate.workload;

/**
 * Random numbers that are functions of a key, the same on any machine: SplitMix64 (Steele, Lea,
 * Flood 2014, "Fast splittable pseudorandom number generators") over {@code StrictMath}.
 */
public final class Chance {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-53;

  private long state;

  private Chance(long state) {
    this.state = state;
  }

  /** The stream of this key; different keys give independent streams. */
  public static Chance of(long... key) {
    long state = 0;
    for (long part : key) {
      state = mix(state + GOLDEN + mix(part + GOLDEN));
    }
    return new Chance(state);
  }

  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  public long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** In (0, 1): neither end. */
  public double uniform() {
    return ((next() >>> 11) + 0.5) * UNIT;
  }

  public double uniform(double from, double to) {
    return from + (to - from) * uniform();
  }

  /** In {@code from … to}, both included. */
  public int between(int from, int to) {
    return from + (int) Math.floorMod(next(), (long) to - from + 1);
  }

  /** Standard normal (Box, Muller 1958). */
  public double normal() {
    return StrictMath.sqrt(-2 * StrictMath.log(uniform()))
        * StrictMath.cos(2 * StrictMath.PI * uniform());
  }

  public double exponential(double mean) {
    return -mean * StrictMath.log(uniform());
  }

  /** A factor with mean 1 and that coefficient of variation. */
  public double logNormal(double variation) {
    if (variation == 0) {
      return 1;
    }
    double variance = StrictMath.log1p(variation * variation);
    return StrictMath.exp(StrictMath.sqrt(variance) * normal() - variance / 2);
  }

  /** Shares that sum to 1, uniform over all such. */
  public double[] shares(int count) {
    double[] shares = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      shares[i] = exponential(1);
      sum += shares[i];
    }
    for (int i = 0; i < count; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  /** An index, by these shares. */
  public int pick(double[] shares) {
    double left = uniform();
    for (int i = 0; i < shares.length - 1; i++) {
      left -= shares[i];
      if (left < 0) {
        return i;
      }
    }
    return shares.length - 1;
  }
}
