package dev.ballast.balancer.forecast;

/**
 * Waits before k equal slots, first come first served, with Poisson arrivals and any service time
 * (M/G/k). The exact wait of M/M/k (Erlang 1917), that of M/D/k by Cosmetatos 1976, and between
 * them by the square of the coefficient of variation c (Page 1982; Tijms 2003, "A first course in
 * stochastic models", 9.6):
 *
 * <pre>
 * W(M/G/k) = c²·W(M/M/k) + (1 − c²)·W(M/D/k)
 * W(M/D/k) = ½·(1 + (1 − ρ)·(k − 1)·(√(4 + 5k) − 2) / (16·ρ·k)) · W(M/M/k)
 * </pre>
 *
 * Whoever waits does so for about an exponential time.
 *
 * @param arrivalsPerSecond λ, 0 or more
 * @param serviceSeconds mean time in a slot, more than 0
 * @param variation c of that time, 0 or more
 * @param slots k, at least 1
 */
public record MultiServerQueue(
    double arrivalsPerSecond, double serviceSeconds, double variation, int slots) {
  public MultiServerQueue {
    if (!(arrivalsPerSecond >= 0 && serviceSeconds > 0 && variation >= 0 && slots >= 1)) {
      throw new IllegalArgumentException(
          "no queue: %s arrivals/s of %s s (variation %s) at %d slots"
              .formatted(arrivalsPerSecond, serviceSeconds, variation, slots));
    }
  }

  /** Work arriving per second, in slots: as many are busy on average, if there are as many. */
  public double offeredSlots() {
    return arrivalsPerSecond * serviceSeconds;
  }

  /** ρ; from 1 on the queue grows without end. */
  public double utilizationRatio() {
    return offeredSlots() / slots;
  }

  /** Share of arrivals that must wait, by Erlang's C formula; 1 when ρ ≥ 1. */
  public double waitProbability() {
    double rho = utilizationRatio();
    if (rho >= 1) {
      return 1;
    }
    // Erlang B by its recursion: no factorial, no overflow.
    double blocked = 1;
    for (int k = 1; k <= slots; k++) {
      blocked = offeredSlots() * blocked / (k + offeredSlots() * blocked);
    }
    return blocked / (1 - rho * (1 - blocked));
  }

  /** Mean wait over all arrivals, in seconds; infinite when ρ ≥ 1. */
  public double meanWaitSeconds() {
    double rho = utilizationRatio();
    if (rho >= 1) {
      return Double.POSITIVE_INFINITY;
    }
    if (rho == 0) {
      return 0;
    }
    double exponential = waitProbability() * serviceSeconds / (slots * (1 - rho));
    double constant =
        (1 + (1 - rho) * (slots - 1) * (Math.sqrt(4 + 5.0 * slots) - 2) / (16 * rho * slots))
            / 2
            * exponential;
    double squared = variation * variation;
    return squared * exponential + (1 - squared) * Math.min(constant, exponential);
  }

  /**
   * The wait that is not exceeded with this probability, in seconds; infinite when ρ ≥ 1.
   *
   * @param probability 0 to below 1
   */
  public double waitQuantileSeconds(double probability) {
    double waits = waitProbability();
    if (waits <= 1 - probability) {
      return 0;
    }
    return meanWaitSeconds() / waits * Math.log(waits / (1 - probability));
  }

  /**
   * How many of the models that arrive run at least once at a moment: of each, arrivals × service
   * are in the house on average, Poisson distributed while slots are left (M/G/∞).
   *
   * @param shares of the arrivals by model, summing to 1
   */
  public double activeModels(double[] shares) {
    double active = 0;
    for (double share : shares) {
      active += -Math.expm1(-share * Math.min(offeredSlots(), slots));
    }
    return active;
  }
}
