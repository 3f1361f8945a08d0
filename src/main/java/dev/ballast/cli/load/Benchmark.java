package dev.ballast.cli.load;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.cli.report.BenchmarkResult;
import dev.ballast.cli.serve.LocalSession;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.Event;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Summary;
import dev.ballast.worker.Agent;
import dev.ballast.worker.browser.Browser;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.InstalledBrowser;
import dev.ballast.worker.browser.LaunchOptions;
import dev.ballast.worker.browser.Page;
import dev.ballast.worker.browser.SessionPerTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Short tasks in warm browsers and tests with a session of their own, in turns, so that both see
 * the same machine. The rival's page computes as long as the task did in its page, and has no
 * engine and no model to load.
 */
final class Benchmark {
  private static final Duration WORK = Duration.ofSeconds(30);
  private static final int WARM_UP_TASKS = 5;

  private final LocalSession local;
  private final JobSpec job;
  private final Path data;
  private final Interrupt interrupt;

  Benchmark(LocalSession local, JobSpec job, Path data, Interrupt interrupt) {
    this.local = local;
    this.job = job;
    this.data = data;
    this.interrupt = interrupt;
  }

  /** Measures in one browser; {@code progress} is told each round. */
  BenchmarkResult measure(
      InstalledBrowser browser, int rounds, int sessions, Consumer<String> progress)
      throws BrowserException, InterruptedException {
    for (Agent agent : local.workers().agents()) {
      agent.ready().join();
    }
    String name = browser.kind() + " " + browser.version();
    List<BenchmarkResult.Round> measured = new ArrayList<>();
    try (SessionPerTest rival =
        SessionPerTest.with(browser, LaunchOptions.in(data.resolve("rival")))) {
      // The first of anything is slower: neither side's counts.
      tasks(browser, WARM_UP_TASKS);
      session(rival, 1);
      for (int number = 1; number <= rounds; number++) {
        BenchmarkResult.Round round = round(browser, rival, sessions);
        measured.add(round);
        progress.accept(
            "%s, round %d of %d: %.1f tasks/s warm, %.2f tests/s with a session each"
                .formatted(
                    name,
                    number,
                    rounds,
                    1000 * round.tasks().size() / round.tasksMillis(),
                    1000
                        * round.sessions().size()
                        / round.sessions().stream().mapToDouble(Double::doubleValue).sum()));
      }
    }
    return new BenchmarkResult(name, measured);
  }

  private BenchmarkResult.Round round(InstalledBrowser browser, SessionPerTest rival, int sessions)
      throws BrowserException, InterruptedException {
    long begun = System.nanoTime();
    List<BenchmarkResult.Task> tasks = tasks(browser, job.repetitions());
    double tasksMillis = millisSince(begun);
    double work =
        Summary.of(tasks.stream().mapToDouble(BenchmarkResult.Task::inPage).toArray()).p50();
    List<Double> tests = new ArrayList<>();
    for (int number = 0; number < sessions; number++) {
      tests.add(session(rival, work));
    }
    return new BenchmarkResult.Round(tasks, tasksMillis, tests);
  }

  /** Runs that many tasks through the controller and the worker of this browser. */
  private List<BenchmarkResult.Task> tasks(InstalledBrowser browser, int repetitions)
      throws InterruptedException {
    DispatchLoop dispatch = local.service().dispatch();
    List<AttemptResult> results = new ArrayList<>();
    CompletableFuture<String> ended = new CompletableFuture<>();
    try (DispatchLoop.Subscription _ =
        dispatch.listen(event -> {
          if (event instanceof Event.AttemptEnded(AttemptResult result, var _, var _, var _)) {
            results.add(result);
          } else if (event instanceof Event.JobEnded end) {
            ended.complete(end.reason());
          }
        })) {
      dispatch.submit(job.withMatrix(List.of(browser.kind()), repetitions)).join();
      var _ = CompletableFuture.anyOf(ended, interrupt.asked()).join();
    }
    if (interrupt.happened()) {
      throw new InterruptedException("Ctrl-C");
    }
    for (AttemptResult result : results) {
      if (result.outcome() != Outcome.SUCCEEDED) {
        throw CommandException.environment(
            "a task of the benchmark ended as %s (%s): %s"
                .formatted(result.outcome(), result.code(), result.message()));
      }
    }
    return results.stream().flatMap(result -> task(result).stream()).toList();
  }

  /** The worker's share: waiting in the queue is no overhead. Absent for an attempt without one. */
  private static Optional<BenchmarkResult.Task> task(AttemptResult result) {
    Double wall = result.wall();
    Phases phases = result.phases();
    return wall == null || phases == null
        ? Optional.empty()
        : Optional.of(
            new BenchmarkResult.Task(wall - phases.queue() - phases.placement(), inPage(phases)));
  }

  private static double inPage(Phases phases) {
    return phases.download()
        + phases.sessionCreate()
        + phases.firstRun()
        + phases.warmup()
        + phases.warmRuns();
  }

  /** One test: a new session, a page, its work, the end of the session. Milliseconds. */
  private double session(SessionPerTest rival, double workMillis)
      throws BrowserException, InterruptedException {
    if (interrupt.happened()) {
      throw new InterruptedException("Ctrl-C");
    }
    long begun = System.nanoTime();
    try (Browser browser = rival.open();
        Page page = browser.open(local.workers().pages().address("/runner/fixed-work.html"))) {
      page.call("work", "{\"millis\": %s}".formatted(workMillis), WORK);
    }
    return millisSince(begun);
  }

  private static double millisSince(long nanos) {
    return (System.nanoTime() - nanos) / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
