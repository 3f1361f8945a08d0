package dev.ballast.server.jobs.cluster;

import dev.ballast.dispatch.JobState;
import dev.ballast.dispatch.JobView;
import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.resource.Condition;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobSpec;
import dev.ballast.operator.resource.TestJobStatus;
import dev.ballast.server.jobs.JobDocument;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A TestJob as the API tells it: what is wanted of it and when it was accepted is what the API
 * server says, how it does is what dispatch says, or the status where dispatch does not know it
 * (yet, or any more).
 */
final class ResourceDocument {
  private ResourceDocument() {}

  static JobDocument of(TestJob job, Optional<JobView> view) {
    JobDocument known = view.map(JobDocument::of).orElseGet(() -> ofStatus(job));
    TestJobSpec spec = job.getSpec();
    return new JobDocument(
        known.namespace(),
        known.name(),
        known.uid(),
        known.state(),
        Boolean.TRUE.equals(spec.suspend()),
        spec.parallelism(),
        spec.priority() == null ? 0 : spec.priority(),
        known.tasks(),
        known.counts(),
        Instant.parse(job.getMetadata().getCreationTimestamp()),
        known.endedAt(),
        known.reason(),
        known.message());
  }

  private static JobDocument ofStatus(TestJob job) {
    Optional<TestJobStatus> status = Optional.ofNullable(job.getStatus());
    int tasks = status.map(TestJobStatus::tasks).orElseGet(() -> tasks(job.getSpec()));
    Optional<Condition> end = status.flatMap(ResourceDocument::end);
    return new JobDocument(
        job.getMetadata().getNamespace(),
        job.getMetadata().getName(),
        job.getMetadata().getUid(),
        state(status.map(TestJobStatus::phase).orElse("Pending")).label(),
        false,
        null,
        0,
        tasks,
        counts(status, tasks, end.isPresent()),
        Instant.EPOCH,
        status.map(TestJobStatus::completionTime).map(Instant::parse).orElse(null),
        end.map(Condition::reason).orElse(null),
        end.map(Condition::message).orElse(null));
  }

  private static JobState state(String phase) {
    return switch (phase) {
      case "Running" -> JobState.RUNNING;
      case "Suspended" -> JobState.SUSPENDED;
      case "Complete" -> JobState.COMPLETE;
      case "Failed" -> JobState.FAILED;
      default -> JobState.ACCEPTED;
    };
  }

  private static Optional<Condition> end(TestJobStatus status) {
    return Optional.ofNullable(status.conditions()).orElse(List.of()).stream()
        .filter(
            condition -> condition.type().equals("Complete") || condition.type().equals("Failed"))
        .filter(condition -> Conditions.holds(status.conditions(), condition.type()))
        .findFirst();
  }

  private static JobView.Counts counts(Optional<TestJobStatus> status, int tasks, boolean ended) {
    int succeeded = status.map(TestJobStatus::succeeded).orElse(0);
    int failed = status.map(TestJobStatus::failed).orElse(0);
    int running = status.map(TestJobStatus::active).orElse(0);
    int left = Math.max(0, tasks - succeeded - failed - running);
    return new JobView.Counts(
        ended ? 0 : left,
        ended ? 0 : status.map(TestJobStatus::unplaceable).orElse(0),
        0,
        0,
        running,
        succeeded,
        failed,
        ended ? left : 0);
  }

  private static int tasks(TestJobSpec spec) {
    TestJobSpec.Matrix matrix = spec.matrix();
    if (matrix == null) {
      return 1;
    }
    int repetitions = matrix.repetitions() == null ? 1 : matrix.repetitions();
    return some(matrix.models()) * some(matrix.backends()) * some(matrix.browsers()) * repetitions;
  }

  private static int some(@Nullable List<?> listed) {
    return listed == null || listed.isEmpty() ? 1 : listed.size();
  }
}
