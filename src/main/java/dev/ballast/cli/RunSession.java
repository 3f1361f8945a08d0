package dev.ballast.cli;

import dev.ballast.cli.report.JsonReport;
import dev.ballast.cli.report.ReportData;
import dev.ballast.cli.report.ResultsTable;
import dev.ballast.cli.report.Style;
import dev.ballast.dispatch.JobView;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import dev.ballast.store.ResultsJson;
import java.util.List;

/** Jobs run from beginning to end by a controller of this process. */
final class RunSession {
  private final List<JobSpec> jobs;
  private final LocalSession local;
  private final CommonOptions common;
  private final RunOptions options;
  private final ReportFiles reports;

  private RunSession(
      List<JobSpec> jobs,
      LocalSession local,
      CommonOptions common,
      RunOptions options,
      ReportFiles reports) {
    this.jobs = jobs;
    this.local = local;
    this.common = common;
    this.options = options;
    this.reports = reports;
  }

  /** Before the service is booted: checks what can be checked, and starts the browsers. */
  static RunSession prepare(
      List<JobSpec> jobs, Browsers browsers, CommonOptions common, RunOptions options) {
    ReportFiles reports = ReportFiles.parse(options.reports);
    common.output();
    LocalSession local =
        LocalSession.prepare(
            common.dataDirectory(), browsers, 1, LocalServer.onAnyPort(), options.seed, true);
    return new RunSession(jobs, local, common, options, reports);
  }

  /**
   * Runs; {@code unplaceableExit} is the exit code when some tasks could not be placed and all
   * others succeeded.
   */
  int run(int unplaceableExit) {
    Interrupt interrupt = Interrupt.watch();
    try (local) {
      local.open();
      JobRun run = new JobRun(local.service().dispatch(), local.workers().agents());
      for (JobSpec job : jobs) {
        run.submit(job, options.resume);
      }
      try (LiveProgress progress = new LiveProgress(!common.noProgress)) {
        run.await(progress, interrupt);
      }
      RunReport report = new RunReport(local, run, common.dataDirectory());
      ReportData data = report.data(reports);
      print(data);
      reports.write(data);
      if (interrupt.happened()) {
        System.err.println("Interrupted; what was done is kept. Go on with --resume.");
        return Exit.INTERRUPTED;
      }
      return exitCode(data, run.jobs(), unplaceableExit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.INTERRUPTED;
    }
  }

  private void print(ReportData data) {
    switch (common.output()) {
      case JSON -> System.out.print(JsonReport.render(data.attempts(), ResultsJson::write));
      case TABLE, CSV ->
          System.out.println(
              ResultsTable.render(data, Style.of(Terminal.present(), System.getenv())));
    }
    System.out.flush();
  }

  private static int exitCode(ReportData data, List<JobView> jobs, int unplaceableExit) {
    boolean failed =
        jobs.stream().anyMatch(job -> job.counts().failed() > 0)
            || data.results().stream()
                .anyMatch(result ->
                    result.outcome() != Outcome.SUCCEEDED
                        || result.verdict().level() == Verdict.Level.REJECTED);
    if (failed) {
      return Exit.FAILED;
    }
    return data.unplaceable().isEmpty() ? Exit.OK : unplaceableExit;
  }
}
