package dev.ballast.cli.report;

import dev.ballast.balancer.Priors;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport.Evidence;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Capability;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.store.affinity.Affinities;
import dev.ballast.store.affinity.Affinity;
import dev.ballast.store.affinity.Speed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a report tells. The attempts may be several for one task; the last one of each is its
 * result.
 *
 * @param title for example the file that was run
 * @param version of Ballast
 * @param elapsed from the first task's arrival to the end of the last
 * @param sinceStart when the first task began and the last one ended, seen by who started the
 *     command
 * @param evidence what failed pages left behind
 * @param evidencePaths where that lies, to be named in the table
 * @param affinities of families, in what these attempts measured
 * @param browsers what was probed, by worker
 * @param files what was written: label and path, for example the database
 */
public record ReportData(
    String title,
    String version,
    Instant generatedAt,
    Optional<Duration> elapsed,
    Optional<SinceStart> sinceStart,
    List<JobState> jobs,
    List<AttemptResult> attempts,
    List<Unplaceable> unplaceable,
    Map<AttemptId, Evidence> evidence,
    Map<AttemptId, String> evidencePaths,
    List<Affinity> affinities,
    Map<String, Capability> browsers,
    List<WrittenFile> files) {

  /**
   * Both from the start of the command, with what it had to install, build and boot.
   *
   * @param firstTask until the first task began
   * @param allTasks until the last one ended
   */
  public record SinceStart(Duration firstTask, Duration allTasks) {}

  /**
   * Where a job stands.
   *
   * @param condition {@code Complete}, {@code Failed}, {@code Running}, {@code Suspended}
   */
  public record JobState(
      String name,
      String uid,
      String condition,
      int tasks,
      int succeeded,
      int failed,
      int cancelled,
      int unplaceable) {}

  /**
   * A task that no browser can run now, and why.
   *
   * @param code a stable word, for example {@code no-backend}
   */
  public record Unplaceable(
      String job,
      int index,
      String model,
      ModelFamily family,
      Optional<Backend> backend,
      Optional<BrowserKind> browser,
      String code,
      String message) {}

  /** A file that the run left, for the reader to open. */
  public record WrittenFile(String label, String path) {}

  public ReportData {
    jobs = List.copyOf(jobs);
    attempts = List.copyOf(attempts);
    unplaceable = List.copyOf(unplaceable);
    evidence = Map.copyOf(evidence);
    evidencePaths = Map.copyOf(evidencePaths);
    affinities = List.copyOf(affinities);
    browsers = Map.copyOf(browsers);
    files = List.copyOf(files);
  }

  /** A report of attempts alone, judged by the default priors. */
  public static ReportData of(
      String title, String version, Instant generatedAt, List<AttemptResult> attempts) {
    return new ReportData(
        title,
        version,
        generatedAt,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        attempts,
        List.of(),
        Map.of(),
        Map.of(),
        affinities(attempts),
        Map.of(),
        List.of());
  }

  /** Which browser ran each family best, beside the default priors. */
  public static List<Affinity> affinities(List<AttemptResult> attempts) {
    return Affinities.ofFamilies(
        attempts.stream().flatMap(attempt -> Speed.of(attempt).stream()).toList(), Priors.DEFAULTS);
  }

  /** The last attempt of each task, in the order of jobs and indexes. */
  public List<AttemptResult> results() {
    return LastAttempts.of(attempts);
  }

  /** Results that did not succeed. */
  public List<AttemptResult> failed() {
    return results().stream().filter(result -> result.outcome() != Outcome.SUCCEEDED).toList();
  }
}
