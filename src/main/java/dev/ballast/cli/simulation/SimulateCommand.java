package dev.ballast.cli.simulation;

import dev.ballast.balancer.schedule.Policy;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.cli.command.Terminal;
import dev.ballast.cli.load.TortureReport;
import dev.ballast.operator.validation.Suggestions;
import dev.ballast.simulate.Experiment;
import dev.ballast.simulate.Policies;
import dev.ballast.simulate.Results;
import dev.ballast.simulate.Stopwatch;
import dev.ballast.simulate.forecast.Evaluation;
import dev.ballast.simulate.scaling.ScalingCurve;
import dev.ballast.simulate.stealing.ShortWork;
import dev.ballast.simulate.stealing.StealingStudy;
import dev.ballast.simulate.torture.TortureRun;
import dev.ballast.simulate.workload.WorkloadSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Policies side by side under a virtual clock. */
@Command(
    name = "simulate",
    description = "Runs balancing policies side by side on a simulated fleet, with intervals.",
    footer = {
      "",
      "Examples:",
      "  bin/ballast simulate --list",
      "  bin/ballast simulate --workload builtin:seed-mix --replications 30",
      "  bin/ballast simulate --workload builtin:hetero:arrivals=poisson,load=0.9 --known-times",
      "  bin/ballast simulate --torture --seeds 10000",
      "  bin/ballast simulate --forecast my-counts.csv",
      "  bin/ballast simulate --workload my.json --policies browser-aware,least-loaded"
          + " --output json"
    })
public final class SimulateCommand implements Callable<Integer> {
  private static final int MOST_REPLICATIONS = 100_000;

  /** Form of what goes to stdout. */
  enum Output {
    TABLE,
    JSON,
    CSV
  }

  /** Reads one, or says which there are. */
  static final class OutputReader implements ITypeConverter<Output> {
    @Override
    public Output convert(String text) {
      return switch (text) {
        case "table" -> Output.TABLE;
        case "json" -> Output.JSON;
        case "csv" -> Output.CSV;
        default ->
            throw new TypeConversionException(
                "\"%s\" is not a form. Known: table, json, csv".formatted(text));
      };
    }
  }

  /** Reads {@code html=F}. */
  static final class ReportReader implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      if (!text.startsWith("html=") || text.equals("html=")) {
        throw new TypeConversionException(
            "--report %s: must be html=F, for example html=report.html".formatted(text));
      }
      return Path.of(text.substring("html=".length()));
    }
  }

  @Option(
      names = "--workload",
      paramLabel = "F.json|builtin:NAME",
      description = "What arrives where; builtin:NAME may go on with :key=value,… (see --list).")
  @Nullable String workload;

  @Option(
      names = "--policies",
      split = ",",
      paramLabel = "NAME",
      description = "Only these (default: all).")
  List<String> policies = new ArrayList<>();

  @Option(names = "--replications", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int replications = 10;

  @Option(names = "--seed", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(
      names = "--known-times",
      description = "Tell the policies the true means, instead of letting them learn.")
  boolean knownTimes;

  @Option(
      names = "--timing",
      description = "Also measure what decisions cost; such figures differ between runs.")
  boolean timing;

  @Option(
      names = "--output",
      paramLabel = "table|json|csv",
      converter = OutputReader.class,
      description = "Form of the output (default: table).")
  Output output = Output.TABLE;

  @Option(
      names = "--report",
      paramLabel = "html=F",
      converter = ReportReader.class,
      description = "Also write a page of pictures.")
  @Nullable Path report;

  @Option(names = "--list", description = "List the built-in workloads and the policies.")
  boolean list;

  @Option(
      names = "--torture",
      description = "Instead: put dispatch under faults, and check what it promises.")
  boolean torture;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "With --torture: runs, of the seeds from --seed on (default: ${DEFAULT-VALUE}).")
  long seeds = 10_000;

  @Option(
      names = "--claims",
      description = "Measure what Ballast's ancestor claimed, and write docs/claims.md.")
  boolean claims;

  @Option(
      names = "--forecast",
      paramLabel = "F.csv|synthetic",
      description =
          "Instead: judge forecasts, on synthetic series or on counts of your own"
              + " (columns count[,series], a line a tick; or atSeconds[,count][,series]).")
  @Nullable String forecast;

  @Option(
      names = "--scaling",
      description =
          "Instead: scale the fleets of burst and diurnal by forecast and by the rules of others,"
              + " what that costs and how long tasks wait.")
  boolean scaling;

  @Option(
      names = "--stealing",
      description =
          "Instead: run short tasks through dispatch with and without moving bound ones, and by"
              + " another's rule: what that does to sojourn and waits.")
  boolean stealing;

  @Option(
      names = "--series",
      paramLabel = "N",
      description = "With --forecast synthetic: how many (default: ${DEFAULT-VALUE}).")
  int series = 200;

  @Option(
      names = "--tick",
      paramLabel = "SECONDS",
      description = "With --forecast and atSeconds: length of a tick (default: ${DEFAULT-VALUE}).")
  double tick = 60;

  @Option(names = "--no-progress", description = "No progress on stderr.")
  boolean noProgress;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Print the version.")
  boolean version;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Mode mode =
        Mode.of(this::given)
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(),
                    "What should be simulated? Name a file or a built-in one with --workload; see"
                        + " --list."));
    List<String> problems = mode.problems(this::given);
    if (!problems.isEmpty()) {
      throw CommandException.usage(problems);
    }
    if (replications < 1 || replications > MOST_REPLICATIONS) {
      throw new ParameterException(
          spec.commandLine(),
          "--replications %d: must be 1 to %d.".formatted(replications, MOST_REPLICATIONS));
    }
    return switch (mode) {
      case LIST -> {
        print(Workloads.list());
        yield Exit.OK;
      }
      case TORTURE -> torture();
      case FORECAST -> judgeForecasts(Objects.requireNonNull(forecast));
      case SCALING -> scale();
      case STEALING -> steal();
      case CLAIMS -> writeClaims();
      case WORKLOAD -> simulate(Objects.requireNonNull(workload));
    };
  }

  private boolean given(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private int torture() {
    if (seeds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seeds %d: must be at least 1.".formatted(seeds));
    }
    return new TortureReport(System.out, System.err, !noProgress && Terminal.present())
        .run(new TortureRun(seed, seeds));
  }

  private int judgeForecasts(String source) {
    if (series < 1 || series > MOST_REPLICATIONS || !(tick > 0)) {
      throw new ParameterException(
          spec.commandLine(),
          "--series %d, --tick %s: must be 1 to %d, and more than 0."
              .formatted(series, tick, MOST_REPLICATIONS));
    }
    List<Evaluation.Finding> findings = ForecastReport.findings(source, seed, series, tick);
    print(ForecastReport.text(source, seed, findings));
    picture(() -> ForecastPage.of(source, findings));
    return Exit.OK;
  }

  private int scale() {
    Map<String, List<ScalingCurve.Point>> curves = new LinkedHashMap<>();
    for (String of : ScalingCurve.WORKLOADS) {
      List<ScalingCurve.Point> points = ScalingCurve.of(of, seed, replications);
      curves.put(of, points);
      print(ScalingTable.of(of, seed, replications, points) + "\n");
    }
    picture(() ->
        ForecastPage.scaling("seed %d, %d replications".formatted(seed, replications), curves));
    return Exit.OK;
  }

  private int steal() {
    for (ShortWork work : ShortWork.all()) {
      print(
          StealingTable.of(
              work,
              seed,
              replications,
              StealingStudy.of(work, StealingStudy.rules(), seed, replications)));
    }
    return Exit.OK;
  }

  private void picture(Supplier<String> page) {
    if (report != null) {
      write(report, page.get());
      System.err.println("pictures: " + report);
    }
  }

  private static int writeClaims() {
    String home = System.getenv("BALLAST_HOME");
    Path page = Path.of(home == null ? "" : home).resolve("docs").resolve("claims.md");
    String text = ClaimsPage.measured();
    write(page, text);
    print(text);
    System.err.println("written to " + page);
    return Exit.OK;
  }

  private static void write(Path file, String text) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw CommandException.environment("%s can't be written: %s".formatted(file, e));
    }
  }

  private int simulate(String named) {
    List<Policy> chosen = chosen();
    Workloads.Reading reading = Workloads.read(named);
    WorkloadSource source =
        reading.source().orElseThrow(() -> CommandException.usage(reading.problems()));
    Experiment experiment =
        new Experiment(
            source,
            chosen,
            seed,
            replications,
            knownTimes,
            timing ? System::nanoTime : Stopwatch.STOPPED);
    Interrupt interrupt = Interrupt.watch();
    SimulationProgress progress =
        new SimulationProgress(System.err, !noProgress && Terminal.present(), experiment);
    Results results = experiment.run(progress, interrupt::happened);
    progress.done();
    results
        .misfits()
        .forEach(model ->
            System.err.println(
                "warning: model \"%s\" fits into no browser; its tasks are unplaceable."
                    .formatted(model)));
    print(
        switch (output) {
          case TABLE -> SimulationTable.of(results);
          case JSON -> SimulationJson.of(results);
          case CSV -> SimulationCsv.of(results);
        });
    picture(() -> SimulationPage.of(results, Prospects.of(results)));
    if (results.wasStopped()) {
      System.err.println(
          "interrupted: %d of %d replications were done."
              .formatted(results.replications(), replications));
      return Exit.INTERRUPTED;
    }
    return Exit.OK;
  }

  private List<Policy> chosen() {
    List<Policy> all = Policies.all();
    List<String> names = all.stream().map(Policy::name).toList();
    List<String> problems = new ArrayList<>();
    for (String name : policies) {
      if (!names.contains(name.strip())) {
        problems.add(
            "--policies: \"%s\" is no policy. %s"
                .formatted(name.strip(), Suggestions.advice(name.strip(), names)));
      }
    }
    if (policies.isEmpty() && given("--policies")) {
      problems.add("--policies: names none. %s".formatted(Suggestions.advice("", names)));
    }
    if (!problems.isEmpty()) {
      throw CommandException.usage(problems);
    }
    List<String> wanted = policies.stream().map(String::strip).toList();
    return wanted.isEmpty()
        ? all
        : all.stream().filter(policy -> wanted.contains(policy.name())).toList();
  }

  private static void print(String text) {
    // The same bytes on any machine, whatever its locale's charset.
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.print(text);
    out.flush();
  }
}
