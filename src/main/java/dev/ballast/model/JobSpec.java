package dev.ballast.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a user asked for, after validation. Names and meanings follow {@code batch/v1} Job where it
 * has a word for it.
 *
 * @param poolSelector labels a pool must carry; empty: every pool of the namespace
 * @param backends empty: the balancer chooses
 * @param browsers empty: the balancer chooses; listed: one task for each
 * @param backoffLimitPerIndex retries per task, ≥ 0
 * @param fallbackBackends one further attempt each, after the retries are used up
 */
public record JobSpec(
    String namespace,
    String name,
    Map<String, String> poolSelector,
    int priority,
    int weight,
    OptionalInt parallelism,
    boolean suspend,
    List<TestModel> models,
    List<Backend> backends,
    List<BrowserKind> browsers,
    int repetitions,
    RunOptions run,
    Requirements requirements,
    int backoffLimitPerIndex,
    OptionalInt maxFailedIndexes,
    Optional<Duration> activeDeadline,
    List<Backend> fallbackBackends) {

  /** More tasks than this are refused: index ranges of a job must always fit into its status. */
  public static final int MAX_TASKS = 100_000;

  public JobSpec {
    poolSelector = Map.copyOf(poolSelector);
    models = List.copyOf(models);
    backends = List.copyOf(backends);
    browsers = List.copyOf(browsers);
    fallbackBackends = List.copyOf(fallbackBackends);
    if (models.isEmpty()) {
      throw new IllegalArgumentException("job \"%s\" has no models".formatted(name));
    }
    if (repetitions < 1) {
      throw new IllegalArgumentException(
          "repetitions (%d) must be at least 1".formatted(repetitions));
    }
    long tasks =
        (long) models.size()
            * Math.max(1, backends.size())
            * Math.max(1, browsers.size())
            * repetitions;
    if (tasks > MAX_TASKS) {
      throw new IllegalArgumentException(
          "job \"%s\" has %d tasks, at most %d are possible".formatted(name, tasks, MAX_TASKS));
    }
  }

  /** The same job on other browsers, with another number of repetitions. */
  public JobSpec withMatrix(List<BrowserKind> otherBrowsers, int otherRepetitions) {
    return new JobSpec(
        namespace,
        name,
        poolSelector,
        priority,
        weight,
        parallelism,
        suspend,
        models,
        backends,
        otherBrowsers,
        otherRepetitions,
        run,
        requirements,
        backoffLimitPerIndex,
        maxFailedIndexes,
        activeDeadline,
        fallbackBackends);
  }

  /** The same job on other pools. */
  public JobSpec withPoolSelector(Map<String, String> otherSelector) {
    return new JobSpec(
        namespace,
        name,
        otherSelector,
        priority,
        weight,
        parallelism,
        suspend,
        models,
        backends,
        browsers,
        repetitions,
        run,
        requirements,
        backoffLimitPerIndex,
        maxFailedIndexes,
        activeDeadline,
        fallbackBackends);
  }

  /** Number of cells of the matrix. */
  public int taskCount() {
    return models.size()
        * Math.max(1, backends.size())
        * Math.max(1, browsers.size())
        * repetitions;
  }

  /**
   * The cell with that index: models outermost, then backends, browsers, and repetitions innermost,
   * in file order.
   */
  public Cell cell(int index) {
    if (index < 0 || index >= taskCount()) {
      throw new IndexOutOfBoundsException(
          "index %d is not in 0–%d of job \"%s\"".formatted(index, taskCount() - 1, name));
    }
    int repetition = index % repetitions;
    int rest = index / repetitions;
    int browser = rest % Math.max(1, browsers.size());
    rest /= Math.max(1, browsers.size());
    int backend = rest % Math.max(1, backends.size());
    rest /= Math.max(1, backends.size());
    return new Cell(
        models.get(rest),
        backends.isEmpty() ? Optional.empty() : Optional.of(backends.get(backend)),
        browsers.isEmpty() ? Optional.empty() : Optional.of(browsers.get(browser)),
        repetition);
  }
}
