package dev.ballast.cli.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.cli.command.JobFiles;
import dev.ballast.cli.command.Machine;
import dev.ballast.cli.command.ServedCommand;
import dev.ballast.cli.report.BenchmarkResult;
import dev.ballast.cli.report.BenchmarkText;
import dev.ballast.cli.run.QuickstartCommand;
import dev.ballast.cli.serve.Browsers;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.cli.serve.LocalServer;
import dev.ballast.cli.serve.LocalSession;
import dev.ballast.cli.serve.WorkerPlan;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.model.JobSpec;
import dev.ballast.store.BallastJson;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.InstalledBrowser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what a task costs beside its own work, and what a session for each test would cost. */
@Command(
    name = "benchmark",
    description =
        "Measures the overhead of short tasks in warm browsers, beside a new WebDriver session for each test.")
public final class BenchmarkCommand implements ServedCommand {
  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--browsers",
      split = ",",
      paramLabel = "KIND",
      description = "Only these kinds of browser.")
  List<String> kinds = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds for each browser, 3–100 (default: ${DEFAULT-VALUE}).")
  int rounds = 6;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description =
          "Tests with a session of their own in each round, 1–100 (default: ${DEFAULT-VALUE}).")
  int sessions = 4;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "Tasks in each round, 1–1000 (default: those of k8s/samples/benchmark.yaml).")
  @Nullable Integer repetitions;

  private @Nullable Prepared prepared;

  private record Prepared(Browsers browsers, JobSpec job, Path data, LocalSession local) {}

  @Override
  public void prepare() {
    common.output();
    within("--rounds", rounds, 3, 100);
    within("--sessions", sessions, 1, 100);
    if (repetitions != null) {
      within("--repetitions", repetitions, 1, 1000);
    }
    Browsers browsers = Browsers.find().only("--browsers", kinds);
    Path sample = QuickstartCommand.sample("benchmark.yaml");
    JobSpec job = JobFiles.read(List.of(sample.toString())).specs().getFirst();
    JobSpec repeated = repetitions == null ? job : job.withMatrix(job.browsers(), repetitions);
    Path data = temporary(common.dataDirectory());
    LocalSession local =
        LocalSession.prepare(
            ControllerService.open(data, DispatchSettings.DEFAULTS, 1),
            WorkerPlan.ofBrowsers(browsers, 1),
            LocalServer.onAnyPort(),
            LocalSession.Access.OPEN);
    prepared = new Prepared(browsers, repeated, data, local);
  }

  private static void within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw CommandException.usage(
          "%s (%d) must lie in %d–%d".formatted(option, value, least, most));
    }
  }

  /** What is measured here teaches nothing: it is kept apart from the history, and thrown away. */
  private static Path temporary(Path data) {
    try {
      return Files.createTempDirectory(Files.createDirectories(data), "benchmark-");
    } catch (IOException e) {
      throw CommandException.environment(
          "%s cannot be written (%s). Choose another directory with --data"
              .formatted(data, e.getMessage()));
    }
  }

  @Override
  public int serve() {
    Prepared ready = prepared;
    if (ready == null) {
      throw new IllegalStateException("not prepared");
    }
    Interrupt interrupt = Interrupt.watch();
    List<BenchmarkResult> results = new ArrayList<>();
    try (LocalSession local = ready.local()) {
      local.open();
      Benchmark benchmark = new Benchmark(local, ready.job(), ready.data(), interrupt);
      for (InstalledBrowser browser : ready.browsers().found()) {
        results.add(benchmark.measure(browser, rounds, sessions, this::progress));
      }
    } catch (BrowserException e) {
      throw CommandException.environment(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return Exit.INTERRUPTED;
    } finally {
      Benchmark.delete(ready.data());
    }
    print(ready.job(), results);
    return Exit.OK;
  }

  private void progress(String line) {
    if (!common.noProgress) {
      System.err.println(line);
    }
  }

  private void print(JobSpec job, List<BenchmarkResult> results) {
    String machine = Machine.here().describe();
    if (common.output() == CommonOptions.Output.JSON) {
      System.out.println(json(machine, results));
    } else {
      System.out.print(
          BenchmarkText.render(
              machine,
              "%d tasks a round, each %d samples of %s on wasm, and %d tests with a session of their own"
                  .formatted(
                      job.taskCount(),
                      job.run().maxIterations(),
                      job.models().getFirst().name(),
                      sessions),
              results));
    }
    System.out.flush();
  }

  private static String json(String machine, List<BenchmarkResult> results) {
    try {
      return BallastJson.mapper()
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(new Report(machine, results.stream().map(Figures::of).toList()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures that are not JSON", e);
    }
  }

  /** What {@code --output json} prints; times in milliseconds. */
  record Report(String machine, List<Figures> browsers) {}

  record Figures(
      String browser,
      double tasksPerSecond,
      dev.ballast.model.Summary inPage,
      dev.ballast.model.Summary overhead,
      dev.ballast.model.Summary endToEnd,
      double sessionsPerSecond,
      dev.ballast.model.Summary session,
      BenchmarkResult.Ratio ratio) {
    static Figures of(BenchmarkResult result) {
      return new Figures(
          result.browser(),
          result.tasksPerSecond(),
          result.inPage(),
          result.overhead(),
          result.endToEnd(),
          result.sessionsPerSecond(),
          result.session(),
          result.ratio());
    }
  }
}
