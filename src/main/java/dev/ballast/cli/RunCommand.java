package dev.ballast.cli;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the jobs of files on the browsers of this machine. */
@Command(
    name = "run",
    description = "Runs the TestJobs of YAML files on the browsers of this machine.")
final class RunCommand implements ServedCommand, Checkable {
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

  @Override
  public boolean onlyChecks() {
    return dryRun;
  }

  @Override
  public int check() {
    ReportFiles.parse(options.reports);
    JobFiles read = JobFiles.check(files);
    for (String pool : read.pools()) {
      System.out.printf("%s: a pool, valid%n", pool);
    }
    for (JobSpec job : overridden(read.jobs(), options)) {
      System.out.printf("%s: %d tasks, valid%n", job.name(), job.taskCount());
    }
    return Exit.OK;
  }

  @Override
  public void prepare() {
    List<JobSpec> jobs = overridden(JobFiles.read(files).jobs(), options);
    session =
        RunSession.prepare(
            jobs, Browsers.find().only("--browsers", options.browsers), common, options);
  }

  @Override
  public int serve() {
    RunSession prepared = session;
    if (prepared == null) {
      throw new IllegalStateException("not prepared");
    }
    return prepared.run(Exit.ENVIRONMENT);
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
