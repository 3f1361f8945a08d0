package dev.ballast.operator.job;

import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobStatus;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** {@code ttlSecondsAfterFinished}: how long an ended job stays. */
final class TimeToLive {
  private final InstantSource clock;

  TimeToLive(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Deletes the job if its time is over. Returns what is left of it; empty: it stays, or is gone.
   */
  Optional<Duration> end(TestJob job, KubernetesClient client) {
    Optional<Duration> left = left(job, job.getStatus());
    if (left.isEmpty() || left.get().isPositive()) {
      return left;
    }
    client.resource(job).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
    return Optional.empty();
  }

  /** Empty, if the job has not ended or may stay for ever. */
  Optional<Duration> left(TestJob job, TestJobStatus status) {
    Integer seconds = job.getSpec().ttlSecondsAfterFinished();
    String end = status.completionTime();
    return seconds == null || end == null
        ? Optional.empty()
        : Optional.of(Duration.between(clock.instant(), Instant.parse(end).plusSeconds(seconds)));
  }
}
