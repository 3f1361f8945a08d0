package dev.ballast.cli.run;

import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.cli.command.JobFiles;
import dev.ballast.cli.command.ServerClient;
import dev.ballast.cli.history.ServedHistory;
import dev.ballast.cli.report.ReportData;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.JobSpec;
import dev.ballast.server.jobs.JobDocument;
import dev.ballast.store.ResultFilter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Jobs run by a server and followed from here. Ctrl-C ends the following only, as it does with
 * {@code kubectl wait}: the jobs go on, and the message says how to come back and how to cancel.
 */
final class ServerRun {
  private static final Duration LOOK = Duration.ofMillis(500);

  /** So long must nothing but unplaceable tasks remain: a pool may be about to grow. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI server;
  private final ServerJobs jobs;
  private final CommonOptions common;
  private final Map<String, JobSpec> specs = new LinkedHashMap<>();
  private @Nullable Instant stuckSince;

  ServerRun(URI server, CommonOptions common) {
    this.server = server;
    this.jobs = new ServerJobs(new ServerClient(server));
    this.common = common;
  }

  /** Submits, or with {@code resume} finds the unfinished one of its name. */
  void submit(JobFiles.Job job, JobSpec spec, boolean resume) {
    specs.put(jobs.submit(job, spec, resume).uid(), spec);
  }

  /** Follows all jobs to their end. */
  int follow(ReportFiles reports) {
    Interrupt interrupt = Interrupt.watch();
    List<JobOutcome> outcomes = look();
    try (ServerProgress progress = new ServerProgress(jobs, !common.noProgress);
        var _ = new ServerNews(server, specs, progress::println)) {
      while (!interrupt.happened() && !over(outcomes)) {
        progress.look(outcomes);
        pause(interrupt);
        outcomes = look();
      }
      progress.look(outcomes);
    }
    if (interrupt.happened()) {
      System.err.printf(
          "Interrupted; the jobs go on at %s. Follow them again with --resume, or cancel:%n",
          server);
      specs.forEach((uid, spec) -> System.err.printf("  %s%n", jobs.cancelling(spec, uid)));
      return Exit.INTERRUPTED;
    }
    ReportData data = report(outcomes).data(reports);
    RunEnding ending = new RunEnding(common, reports, Exit.ENVIRONMENT);
    ending.tell(data);
    if (!data.unplaceable().isEmpty()) {
      System.err.println(
          "Unplaceable tasks keep waiting there for a browser that can run them; --resume follows"
              + " them.");
    }
    return ending.exitCode(data);
  }

  private List<JobOutcome> look() {
    List<JobOutcome> outcomes = new ArrayList<>();
    specs.forEach((uid, spec) -> {
      JobDocument job = jobs.look(spec, uid);
      outcomes.add(JobOutcome.of(spec, job));
    });
    return outcomes;
  }

  private boolean over(List<JobOutcome> outcomes) {
    if (outcomes.stream().allMatch(JobOutcome::ended)) {
      return true;
    }
    boolean stuck =
        outcomes.stream().allMatch(job -> job.ended() || job.counts().onlyUnplaceableRemain());
    if (!stuck) {
      stuckSince = null;
      return false;
    }
    Instant now = Instant.now();
    stuckSince = stuckSince == null ? now : stuckSince;
    return Duration.between(stuckSince, now).compareTo(PATIENCE) >= 0;
  }

  /** Each of them once. */
  static Set<String> namespaces(Map<String, JobSpec> jobs) {
    return jobs.values().stream().map(JobSpec::namespace).collect(Collectors.toSet());
  }

  private RunReport report(List<JobOutcome> outcomes) {
    List<AttemptResult> attempts = new ArrayList<>();
    List<Unplaced> unplaced = new ArrayList<>();
    ServedHistory history = new ServedHistory(server);
    for (JobOutcome job : outcomes) {
      history.results(
          ResultFilter.ALL.ofJob(job.uid()).inNamespace(job.spec().namespace()), attempts::add);
      if (!job.ended()) {
        unplaced.addAll(jobs.unplaced(job.spec(), job.uid()));
      }
    }
    return new RunReport(
        outcomes,
        unplaced,
        attempts,
        jobs.workers(namespaces(specs)),
        Optional.empty(),
        server.toString());
  }

  private static void pause(Interrupt interrupt) {
    try {
      interrupt.asked().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Nobody pressed Ctrl-C: time to look again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("a signal cannot fail", e);
    }
  }
}
