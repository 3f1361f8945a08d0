package dev.ballast.balancer.plan;

/**
 * How to split work over unlike pools so that the last of them ends as early as possible:
 *
 * <pre>
 * minimise  T + ε/S · Σ p(m,c)·x(m,c)
 * subject to  Σ_c x(m,c) = demand(m)                     for each model m
 *             busy(c) + Σ_m p(m,c)·x(m,c) ≤ n(c)·T        for each pool c, S = Σ n(c)
 * </pre>
 *
 * The relaxation of scheduling unrelated machines (Lenstra, Shmoys, Tardos 1990) over kinds instead
 * of single tasks and slots; the ε-term makes the split of pools that are not the bottleneck
 * definite.
 *
 * @param seconds mean time p(m,c) of a task of model m on pool c, positive; infinite where it
 *     cannot run
 * @param demand tasks of each model, not negative, fractions allowed
 * @param slots n(c), tasks at a time of each pool, not negative
 * @param busySeconds slot-seconds already promised on each pool, not negative
 * @param epsilon weight of the total work, in (0, 1]; 0 is allowed and leaves the split indefinite
 */
// Numbers by the thousand, never compared: arrays, not lists.
@SuppressWarnings("ArrayRecordComponent")
public record ShareProgram(
    double[][] seconds, double[] demand, double[] slots, double[] busySeconds, double epsilon) {
  public ShareProgram {
    if (seconds.length != demand.length) {
      throw new IllegalArgumentException(
          "%d rows of seconds, but demand of %d models".formatted(seconds.length, demand.length));
    }
    if (slots.length != busySeconds.length) {
      throw new IllegalArgumentException(
          "%d pools have slots, but %d have busy seconds"
              .formatted(slots.length, busySeconds.length));
    }
    for (int m = 0; m < seconds.length; m++) {
      if (seconds[m].length != slots.length) {
        throw new IllegalArgumentException(
            "model %d has seconds for %d pools of %d"
                .formatted(m, seconds[m].length, slots.length));
      }
      if (!(demand[m] >= 0 && demand[m] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "demand (%s) of model %d must not be negative".formatted(demand[m], m));
      }
      for (double each : seconds[m]) {
        if (!(each > 0)) {
          throw new IllegalArgumentException(
              "seconds (%s) of model %d must be positive, or infinite where it cannot run"
                  .formatted(each, m));
        }
      }
    }
  }

  /** Slots of all pools together. */
  double allSlots() {
    double sum = 0;
    for (double each : slots) {
      sum += each;
    }
    return sum;
  }

  boolean allowed(int model, int pool) {
    return slots[pool] > 0 && seconds[model][pool] < Double.POSITIVE_INFINITY;
  }

  boolean runsSomewhere(int model) {
    for (int c = 0; c < slots.length; c++) {
      if (allowed(model, c)) {
        return true;
      }
    }
    return false;
  }
}
