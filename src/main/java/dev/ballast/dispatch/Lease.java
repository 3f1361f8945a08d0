package dev.ballast.dispatch;

import dev.ballast.balancer.BrowserView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.Backend;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The right of a worker to run an attempt. Whoever holds none for it is refused. */
final class Lease {
  final AttemptId attempt;
  final TaskRecord task;
  final WorkerRecord worker;
  final Backend backend;
  final Instant boundAt;

  /** Service time expected when it was bound, in seconds. */
  final double expectedSeconds;

  /** It was part of an answer: the worker may know of it. */
  boolean delivered;

  /** The worker said that it runs. */
  @Nullable Instant startedAt;

  /** Since when its worker no longer speaks of it. */
  @Nullable Instant missingSince;

  /** It was asked back. */
  boolean revoked;

  /** Since when it is asked back to be moved elsewhere; null: it is not being moved. */
  @Nullable Instant movingSince;

  Lease(
      AttemptId attempt,
      TaskRecord task,
      WorkerRecord worker,
      Backend backend,
      Instant boundAt,
      double expectedSeconds) {
    this.attempt = attempt;
    this.task = task;
    this.worker = worker;
    this.backend = backend;
    this.boundAt = boundAt;
    this.expectedSeconds = expectedSeconds;
  }

  boolean running() {
    return startedAt != null;
  }

  /** How long it has run by then, in seconds; 0 unless it was started. */
  double tookSeconds(Instant now) {
    return startedAt == null ? 0 : Duration.between(startedAt, now).toNanos() / 1e9;
  }

  BrowserView.Combination combination() {
    return new BrowserView.Combination(task.cell().model().family(), backend);
  }
}
