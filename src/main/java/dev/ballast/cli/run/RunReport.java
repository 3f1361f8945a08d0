package dev.ballast.cli.run;

import dev.ballast.cli.command.Version;
import dev.ballast.cli.report.ReportData;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Capability;
import dev.ballast.server.desk.EvidenceFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run is to be reported with.
 *
 * @param evidence of failures; absent where it lies on another machine
 * @param place where the results are kept: the database, or the server
 */
record RunReport(
    List<JobOutcome> jobs,
    List<Unplaced> unplaced,
    List<AttemptResult> attempts,
    List<WorkerView> workers,
    Optional<EvidenceFolder> evidence,
    String place) {

  ReportData data(ReportFiles reports) {
    Map<AttemptId, AttemptReport.Evidence> kept = new HashMap<>();
    Map<AttemptId, String> paths = new HashMap<>();
    for (AttemptResult attempt : attempts) {
      evidence
          .flatMap(all -> all.find(attempt.attemptId()))
          .ifPresent(folder -> {
            paths.put(attempt.attemptId(), folder.toString());
            kept.put(attempt.attemptId(), read(folder));
          });
    }
    return new ReportData(
        jobs.stream().map(job -> job.spec().name()).collect(Collectors.joining(", ")),
        version(),
        Instant.now(),
        JobOutcome.elapsed(jobs),
        sinceStart(),
        jobs.stream().map(this::state).toList(),
        attempts,
        unplaced.stream().map(Unplaced::told).toList(),
        kept,
        paths,
        ReportData.affinities(attempts),
        capabilities(),
        reports.files(place));
  }

  private ReportData.JobState state(JobOutcome job) {
    return job.told((int) unplaced.stream().filter(left -> left.spec().equals(job.spec())).count());
  }

  private Map<String, Capability> capabilities() {
    Map<String, Capability> probed = new HashMap<>();
    for (WorkerView worker : workers) {
      worker.request().ifPresent(request -> probed.put(worker.id().name(), request.capability()));
    }
    return probed;
  }

  /** Attempts of a run that is resumed are older than the process, and do not count. */
  private Optional<ReportData.SinceStart> sinceStart() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .flatMap(start -> {
          Optional<Instant> first =
              attempts.stream()
                  .map(AttemptResult::startedAt)
                  .filter(at -> at.isAfter(start))
                  .min(Instant::compareTo);
          Optional<Instant> last = JobOutcome.ended(jobs).filter(at -> at.isAfter(start));
          return first.isPresent() && last.isPresent()
              ? Optional.of(
                  new ReportData.SinceStart(
                      Duration.between(start, first.get()), Duration.between(start, last.get())))
              : Optional.empty();
        });
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

  private static String version() {
    try {
      return Version.read();
    } catch (IOException e) {
      throw new UncheckedIOException("the build left no version", e);
    }
  }
}
