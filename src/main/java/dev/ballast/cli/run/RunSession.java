package dev.ballast.cli.run;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.cli.report.ReportData;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.cli.serve.LocalServer;
import dev.ballast.cli.serve.LocalSession;
import dev.ballast.cli.serve.WorkerPlan;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.JobView;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.JobSpec;
import dev.ballast.store.ResultFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
      List<JobSpec> jobs, List<WorkerPlan> plans, CommonOptions common, RunOptions options) {
    ReportFiles reports = ReportFiles.parse(options.reports);
    common.output();
    ControllerService service =
        ControllerService.open(
            common.dataDirectory(), DispatchSettings.DEFAULTS.holdingUnfinished(), options.seed);
    if (!options.resume) {
      try {
        refuseUnfinished(jobs, service.dispatch().jobs());
      } catch (CommandException e) {
        service.close();
        throw e;
      }
    }
    LocalSession local =
        LocalSession.prepare(service, plans, LocalServer.onAnyPort(), LocalSession.Access.OPEN);
    return new RunSession(jobs, local, common, options, reports);
  }

  /** Before a browser is started for nothing. */
  private static void refuseUnfinished(List<JobSpec> jobs, List<JobView> known) {
    for (JobSpec job : jobs) {
      if (known.stream().anyMatch(view -> !view.state().ended() && isNamed(view, job))) {
        throw JobRun.unfinished(job.name());
      }
    }
  }

  private static boolean isNamed(JobView view, JobSpec job) {
    return view.spec().name().equals(job.name()) && view.spec().namespace().equals(job.namespace());
  }

  /**
   * Runs; {@code unplaceableExit} is the exit code when some tasks could not be placed and all
   * others succeeded.
   */
  int run(int unplaceableExit) {
    Interrupt interrupt = Interrupt.watch();
    try (local) {
      local.open();
      JobRun run =
          new JobRun(local.service().dispatch(), local.workers().agents(), JobRun.PATIENCE);
      for (JobSpec job : jobs) {
        run.submit(job, options.resume);
      }
      try (LiveProgress progress = new LiveProgress(!common.noProgress)) {
        run.await(progress, interrupt);
      }
      ReportData data = report(run).data(reports);
      RunEnding ending = new RunEnding(common, reports, unplaceableExit);
      ending.tell(data);
      if (interrupt.happened()) {
        System.err.println("Interrupted; what was done is kept. Go on with --resume.");
        return Exit.INTERRUPTED;
      }
      return ending.exitCode(data);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.INTERRUPTED;
    }
  }

  private RunReport report(JobRun run) {
    ControllerService service = local.service();
    List<AttemptResult> attempts = new ArrayList<>();
    for (String uid : run.names().keySet()) {
      attempts.addAll(service.store().history().results(ResultFilter.ALL.ofJob(uid)));
    }
    return new RunReport(
        run.jobs().stream().map(JobOutcome::of).toList(),
        run.unplaced(),
        attempts,
        service.dispatch().workers(),
        Optional.of(service.evidence()),
        service.directory().database().toString());
  }
}
