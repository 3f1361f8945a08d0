package dev.ballast.simulate.workload;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** When tasks of which model come; in the order of time. The task number is the index. */
public final class Arrivals {
  public static final Arrivals NONE = new Arrivals(new double[0], new int[0]);

  private final double[] seconds;
  private final int[] models;

  private Arrivals(double[] seconds, int[] models) {
    this.seconds = seconds;
    this.models = models;
  }

  /** Sorts by time; what comes at one time keeps its order. */
  public static Arrivals of(double[] seconds, int[] models) {
    if (seconds.length != models.length) {
      throw new IllegalArgumentException(
          "%d times, but %d models".formatted(seconds.length, models.length));
    }
    int[] order =
        IntStream.range(0, seconds.length)
            .boxed()
            .sorted(Comparator.comparingDouble(task -> seconds[task]))
            .mapToInt(task -> task)
            .toArray();
    return new Arrivals(
        Arrays.stream(order).mapToDouble(task -> seconds[task]).toArray(),
        Arrays.stream(order).map(task -> models[task]).toArray());
  }

  public int size() {
    return seconds.length;
  }

  public double seconds(int task) {
    return seconds[task];
  }

  /** Index of the model in the workload. */
  public int model(int task) {
    return models[task];
  }
}
