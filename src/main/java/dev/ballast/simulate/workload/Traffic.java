package dev.ballast.simulate.workload;

import java.util.Locale;

/**
 * How tasks come: all at once, or at a rate that is {@code load} times what the fleet can do at
 * best.
 */
public enum Traffic {
  BATCH,
  POISSON,
  /** The rate × 2.5 a quarter of the time, × 0.5 else; bursts last about 60 mean service times. */
  BURSTY;

  private static final double BURST_RATE = 2.5;
  private static final double CALM_RATE = 0.5;
  private static final double BURST_SERVICES = 60;

  /** Times of {@code count} arrivals at {@code rate} a second on average. */
  double[] times(int count, double rate, double meanServiceSeconds, Chance chance) {
    double[] times = new double[count];
    if (this == BATCH) {
      return times;
    }
    double now = 0;
    boolean burst = this == BURSTY && chance.uniform() < 0.25;
    double burstSeconds = BURST_SERVICES * meanServiceSeconds;
    double until = phase(burst, burstSeconds, chance);
    for (int i = 0; i < count; i++) {
      // Memorylessness lets a gap be drawn anew when the rate changes within it.
      while (true) {
        double gap = chance.exponential(1 / (rate * factor(burst)));
        if (this == POISSON || now + gap <= until) {
          now += gap;
          break;
        }
        now = until;
        burst = !burst;
        until = now + phase(burst, burstSeconds, chance);
      }
      times[i] = now;
    }
    return times;
  }

  private double factor(boolean burst) {
    return this == POISSON ? 1 : burst ? BURST_RATE : CALM_RATE;
  }

  private static double phase(boolean burst, double burstSeconds, Chance chance) {
    return chance.exponential(burst ? burstSeconds : 3 * burstSeconds);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
