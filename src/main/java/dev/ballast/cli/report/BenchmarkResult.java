package dev.ballast.cli.report;

import dev.ballast.model.MeanInterval;
import dev.ballast.model.Summary;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What a benchmark measured in one browser: rounds in which Ballast's tasks and tests with a
 * session each took turns.
 *
 * @param browser kind and version
 */
public record BenchmarkResult(String browser, List<Round> rounds) {

  /**
   * One round. Times in milliseconds.
   *
   * @param tasks what Ballast ran
   * @param tasksMillis from the job's submission to its end
   * @param sessions what each test with a session of its own took, from before the session to after
   *     its end
   */
  public record Round(List<Task> tasks, double tasksMillis, List<Double> sessions) {
    public Round {
      tasks = List.copyOf(tasks);
      sessions = List.copyOf(sessions);
    }

    double tasksPerSecond() {
      return 1000 * tasks.size() / tasksMillis;
    }

    double sessionsPerSecond() {
      return 1000 * sessions.size() / sessions.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /**
   * One task of Ballast, in milliseconds.
   *
   * @param wall the worker's time for it
   * @param inPage what the page spent on loading, warming up and sampling
   */
  public record Task(double wall, double inPage) {
    double overhead() {
      return wall - inPage;
    }
  }

  /** A ratio with its 95 % interval. */
  public record Ratio(double value, double low95, double high95) {}

  public BenchmarkResult {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("a benchmark needs at least one round");
    }
  }

  /** Of the time in the page, in milliseconds. */
  public Summary inPage() {
    return summary(tasks().mapToDouble(Task::inPage));
  }

  /** Of the worker's time for a task that is not the page's, in milliseconds. */
  public Summary overhead() {
    return summary(tasks().mapToDouble(Task::overhead));
  }

  /**
   * Of the time that a task takes all in all, queue and exchange included: one value a round, in
   * milliseconds.
   */
  public Summary endToEnd() {
    return summary(rounds.stream().mapToDouble(round -> 1000 / round.tasksPerSecond()));
  }

  /** Of the time of a test with a session of its own, in milliseconds. */
  public Summary session() {
    return summary(
        rounds.stream()
            .flatMap(round -> round.sessions().stream())
            .mapToDouble(Double::doubleValue));
  }

  /** Ballast's tests per second, all rounds together. */
  public double tasksPerSecond() {
    return 1000 * tasks().count() / rounds.stream().mapToDouble(Round::tasksMillis).sum();
  }

  /** The rival's tests per second, all rounds together. */
  public double sessionsPerSecond() {
    return 1000 / session().mean();
  }

  /**
   * Tests per second of Ballast ÷ the rival's: the geometric mean over the rounds, with the
   * Student-t interval of its logarithm.
   */
  public Ratio ratio() {
    MeanInterval logs =
        MeanInterval.of(
            rounds.stream()
                .mapToDouble(round -> Math.log(round.tasksPerSecond() / round.sessionsPerSecond()))
                .toArray());
    return new Ratio(Math.exp(logs.mean()), Math.exp(logs.low95()), Math.exp(logs.high95()));
  }

  private Stream<Task> tasks() {
    return rounds.stream().flatMap(round -> round.tasks().stream());
  }

  private static Summary summary(DoubleStream values) {
    return Summary.of(values.toArray());
  }
}
