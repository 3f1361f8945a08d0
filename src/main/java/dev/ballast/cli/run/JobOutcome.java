package dev.ballast.cli.run;

import dev.ballast.cli.report.ReportData;
import dev.ballast.dispatch.JobView;
import dev.ballast.model.JobSpec;
import dev.ballast.server.jobs.JobDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where a job stands, told by the controller of this process or by a server.
 *
 * @param state a {@code dispatch.JobState} label, for example {@code complete}
 */
record JobOutcome(
    JobSpec spec,
    String uid,
    String state,
    boolean ended,
    JobView.Counts counts,
    Instant acceptedAt,
    Optional<Instant> endedAt) {

  static JobOutcome of(JobView job) {
    return new JobOutcome(
        job.spec(),
        job.uid(),
        job.state().label(),
        job.state().ended(),
        job.counts(),
        job.acceptedAt(),
        job.endedAt());
  }

  static JobOutcome of(JobSpec spec, JobDocument job) {
    return new JobOutcome(
        spec,
        job.uid(),
        job.state(),
        job.endedAt() != null,
        job.counts(),
        job.acceptedAt(),
        Optional.ofNullable(job.endedAt()));
  }

  /** Tasks that can still come to an end. */
  int done() {
    return counts.succeeded() + counts.failed();
  }

  /** {@code unplaceable}: how many tasks were given up because no browser can run them. */
  ReportData.JobState told(int unplaceable) {
    String condition =
        unplaceable > 0
            ? "Unplaceable"
            : ended ? Character.toUpperCase(state.charAt(0)) + state.substring(1) : "Interrupted";
    return new ReportData.JobState(
        spec.name(),
        uid,
        condition,
        spec.taskCount(),
        counts.succeeded(),
        counts.failed(),
        Math.max(0, counts.dropped() - (ended ? unplaceable : 0)),
        unplaceable);
  }

  /** From the first acceptance to the last end; empty while nothing has ended. */
  static Optional<Duration> elapsed(List<JobOutcome> jobs) {
    Optional<Instant> from = jobs.stream().map(JobOutcome::acceptedAt).min(Instant::compareTo);
    Optional<Instant> to = ended(jobs);
    return from.isPresent() && to.isPresent()
        ? Optional.of(Duration.between(from.get(), to.get()))
        : Optional.empty();
  }

  /** When the last of them that has ended did. */
  static Optional<Instant> ended(List<JobOutcome> jobs) {
    return jobs.stream().flatMap(job -> job.endedAt().stream()).max(Instant::compareTo);
  }
}
