package dev.ballast.cli;

import dev.ballast.cli.report.ReportData;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Capability;
import dev.ballast.model.Cell;
import dev.ballast.store.ResultFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what a run is to be reported with. */
final class RunReport {
  private final LocalSession local;
  private final JobRun run;
  private final Path data;

  RunReport(LocalSession local, JobRun run, Path data) {
    this.local = local;
    this.run = run;
    this.data = data;
  }

  ReportData data(ReportFiles reports) {
    List<AttemptResult> attempts = new ArrayList<>();
    for (String uid : run.names().keySet()) {
      attempts.addAll(local.service().store().history().results(ResultFilter.ALL.ofJob(uid)));
    }
    Map<AttemptId, AttemptReport.Evidence> evidence = new HashMap<>();
    Map<AttemptId, String> paths = new HashMap<>();
    for (AttemptResult attempt : attempts) {
      local
          .service()
          .evidence()
          .find(attempt.attemptId())
          .ifPresent(folder -> {
            paths.put(attempt.attemptId(), folder.toString());
            evidence.put(attempt.attemptId(), read(folder));
          });
    }
    List<JobView> jobs = run.jobs();
    List<ReportData.WrittenFile> files = new ArrayList<>();
    files.add(
        new ReportData.WrittenFile("results", local.service().directory().database().toString()));
    reports
        .wanted()
        .forEach(report ->
            files.add(
                new ReportData.WrittenFile(
                    report.form().label() + " report", report.file().toString())));
    return new ReportData(
        String.join(", ", run.names().values()),
        version(),
        Instant.now(),
        elapsed(jobs),
        jobs.stream().map(this::state).toList(),
        attempts,
        run.unplaced().stream().map(RunReport::unplaceable).toList(),
        evidence,
        paths,
        ReportData.affinities(attempts),
        browsers(),
        files);
  }

  private ReportData.JobState state(JobView job) {
    int unplaceable =
        (int) run.unplaced().stream().filter(left -> left.job().equals(job.spec().name())).count();
    String condition =
        unplaceable > 0
            ? "Unplaceable"
            : job.state().ended() ? capitalized(job.state().label()) : "Interrupted";
    return new ReportData.JobState(
        job.spec().name(),
        job.uid(),
        condition,
        job.spec().taskCount(),
        job.counts().succeeded(),
        job.counts().failed(),
        Math.max(0, job.counts().dropped() - unplaceable),
        unplaceable);
  }

  private static ReportData.Unplaceable unplaceable(JobRun.Unplaced left) {
    Cell cell = left.spec().cell(left.index());
    return new ReportData.Unplaceable(
        left.job(),
        left.index(),
        cell.model().name(),
        cell.model().family(),
        cell.backend(),
        cell.browser(),
        left.code(),
        left.message());
  }

  private Map<String, Capability> browsers() {
    Map<String, Capability> probed = new HashMap<>();
    for (WorkerView worker : local.service().dispatch().workers()) {
      worker.request().ifPresent(request -> probed.put(worker.id().name(), request.capability()));
    }
    return probed;
  }

  private static Optional<Duration> elapsed(List<JobView> jobs) {
    Optional<Instant> from = jobs.stream().map(JobView::acceptedAt).min(Instant::compareTo);
    Optional<Instant> to =
        jobs.stream().flatMap(job -> job.endedAt().stream()).max(Instant::compareTo);
    return from.isPresent() && to.isPresent()
        ? Optional.of(Duration.between(from.get(), to.get()))
        : Optional.empty();
  }

  private static AttemptReport.Evidence read(Path folder) {
    try {
      Path console = folder.resolve("console.txt");
      Path screenshot = folder.resolve("screenshot.png");
      return new AttemptReport.Evidence(
          Files.exists(console) ? Files.readString(console) : null,
          Files.exists(screenshot)
              ? Base64.getEncoder().encodeToString(Files.readAllBytes(screenshot))
              : null);
    } catch (IOException e) {
      return new AttemptReport.Evidence(
          "(the evidence in %s cannot be read: %s)".formatted(folder, e), null);
    }
  }

  private static String capitalized(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private String version() {
    try {
      return Version.read();
    } catch (IOException e) {
      throw new IllegalStateException("the build left no version; data in " + data, e);
    }
  }
}
