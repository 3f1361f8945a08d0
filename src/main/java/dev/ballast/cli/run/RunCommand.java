package dev.ballast.cli.run;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.JobFiles;
import dev.ballast.cli.history.MaybeServed;
import dev.ballast.cli.serve.Browsers;
import dev.ballast.cli.serve.WorkerPlan;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.operator.validation.PoolSettings;
import dev.ballast.operator.validation.Suggestions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the jobs of files on the browsers of this machine. */
@Command(
    name = "run",
    description =
        "Runs the TestJobs of YAML files on the browsers of this machine, or on a server.")
public final class RunCommand implements MaybeServed {
  @Mixin CommonOptions common = new CommonOptions();
  @Mixin RunOptions options = new RunOptions();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files with TestJobs (- is stdin).")
  List<String> files = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only check the files.")
  boolean dryRun;

  private @Nullable RunSession session;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "Run the jobs on this server instead, and follow them; Ctrl-C ends only the following.")
  @Nullable URI server;

  @Override
  public boolean alone() {
    return dryRun || server != null;
  }

  @Override
  public int runAlone() {
    ReportFiles reports = ReportFiles.parse(options.reports);
    common.output();
    return server == null || dryRun ? check() : runOn(server, reports);
  }

  private int runOn(URI address, ReportFiles reports) {
    JobFiles read = JobFiles.readForServer(files);
    List<JobSpec> jobs = overridden(read.specs(), options);
    ServerRun run = new ServerRun(address, common);
    for (int i = 0; i < jobs.size(); i++) {
      run.submit(read.jobs().get(i), jobs.get(i), options.resume);
    }
    return run.follow(reports);
  }

  private int check() {
    JobFiles read = server == null ? JobFiles.check(files) : JobFiles.readForServer(files);
    for (PoolSettings pool : read.pools()) {
      System.out.printf("%s: a pool, valid%n", pool.name());
    }
    for (JobSpec job : overridden(read.specs(), options)) {
      warnOfUnknownBrowsers(job, read.pools());
      System.out.printf("%s: %d tasks, valid%n", job.name(), job.taskCount());
    }
    return Exit.OK;
  }

  /** Any kind may have a pool somewhere, so it is no mistake; but mostly it is one. */
  private static void warnOfUnknownBrowsers(JobSpec job, List<PoolSettings> pools) {
    List<String> known =
        Stream.concat(BrowserKind.DRIVEN.stream(), pools.stream().map(PoolSettings::browser))
            .map(BrowserKind::name)
            .distinct()
            .sorted()
            .toList();
    for (BrowserKind kind : job.browsers()) {
      if (!known.contains(kind.name())) {
        System.err.printf(
            "warning: %s: spec.matrix.browsers: \"%s\" is none of the browsers that Ballast starts; its tasks wait for a worker that has it. %s%n",
            job.name(), kind, Suggestions.advice(kind.name(), known));
      }
    }
  }

  @Override
  public void prepare() {
    JobFiles read = JobFiles.read(files);
    List<JobSpec> jobs = overridden(read.specs(), options);
    Browsers browsers = Browsers.find().only("--browsers", options.browsers);
    jobs.forEach(job -> warnOfUnknownBrowsers(job, read.pools()));
    List<WorkerPlan> plans =
        read.pools().isEmpty()
            ? WorkerPlan.ofBrowsers(browsers, 1)
            : WorkerPlan.ofPools(wanted(read.pools()), browsers);
    session = RunSession.prepare(jobs, plans, common, options);
  }

  @Override
  public int serve() {
    RunSession prepared = session;
    if (prepared == null) {
      throw new IllegalStateException("not prepared");
    }
    return prepared.run(Exit.ENVIRONMENT);
  }

  /** The pools of the kinds that {@code --browsers} names. */
  private List<PoolSettings> wanted(List<PoolSettings> pools) {
    return options.browsers.isEmpty()
        ? pools
        : pools.stream().filter(pool -> options.browsers.contains(pool.browser().name())).toList();
  }

  /** The jobs with what the command line says instead. */
  static List<JobSpec> overridden(List<JobSpec> jobs, RunOptions options) {
    List<BrowserKind> browsers =
        options.browsers.stream().distinct().map(RunCommand::kind).toList();
    return jobs.stream().map(job -> overridden(job, browsers, options.repetitions)).toList();
  }

  private static BrowserKind kind(String name) {
    try {
      return new BrowserKind(name);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--browsers: " + e.getMessage());
    }
  }

  private static JobSpec overridden(
      JobSpec job, List<BrowserKind> browsers, @Nullable Integer repetitions) {
    if (repetitions != null && repetitions < 1) {
      throw CommandException.usage(
          "--repetitions %d: must lie in 1–%d".formatted(repetitions, JobSpec.MAX_TASKS));
    }
    try {
      return job.withMatrix(
          browsers.isEmpty() ? job.browsers() : browsers,
          repetitions == null ? job.repetitions() : repetitions);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          "%s: %s. Lower --repetitions, or name fewer --browsers"
              .formatted(
                  repetitions == null ? "--browsers" : "--repetitions " + repetitions,
                  e.getMessage()));
    }
  }
}
