package dev.ballast.dispatch;

import dev.ballast.model.Adapter;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.TestModel;
import dev.ballast.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the controller adds to a worker's result, and the result of an attempt that left none. */
final class Results {
  private Results() {}

  /** Fills in what only the controller knows: the job's name, and the time before the start. */
  static AttemptResult accepted(AttemptResult raw, Lease lease, Instant receivedAt) {
    Phases phases = raw.phases();
    Phases filled =
        phases == null
            ? null
            : phases.withQueue(
                millis(lease.task.queuedAt, lease.boundAt),
                placementMillis(raw, phases, lease, receivedAt));
    return new AttemptResult(
        raw.schema(),
        lease.task.job.spec.namespace(),
        lease.task.job.spec.name(),
        raw.uid(),
        raw.index(),
        raw.attempt(),
        raw.epoch(),
        raw.model(),
        raw.runtime(),
        raw.backend(),
        raw.browser(),
        raw.adapter(),
        lease.worker.id.name(),
        raw.node(),
        raw.os(),
        raw.startedAt(),
        filled,
        filled == null ? raw.wall() : Double.valueOf(filled.total()),
        raw.warmStart(),
        raw.samples(),
        raw.sampling(),
        raw.summary(),
        raw.peakMemoryBytes(),
        raw.correctness(),
        raw.outcome(),
        raw.code(),
        raw.message(),
        raw.verdict());
  }

  /** The result of an attempt whose worker will not send one. */
  static AttemptResult lost(Lease lease, Instant now, String code, String message) {
    TestModel model = lease.task.cell().model();
    SyncRequest request = lease.worker.request;
    @Nullable BrowserInstance browser = request == null ? null : request.browser();
    @Nullable Adapter adapter =
        request == null ? null : request.capability().adapter().orElse(null);
    return new AttemptResult(
        AttemptResult.SCHEMA,
        lease.task.job.spec.namespace(),
        lease.task.job.spec.name(),
        lease.attempt.task().job(),
        lease.attempt.task().index(),
        lease.attempt.number(),
        lease.attempt.epoch(),
        new AttemptResult.Model(model.name(), model.family(), null),
        null,
        new AttemptResult.Backends(lease.task.backend().orElse(null), null),
        browser,
        adapter,
        lease.worker.id.name(),
        null,
        request == null ? null : request.os(),
        lease.startedAt == null ? now : lease.startedAt,
        null,
        null,
        null,
        List.of(),
        null,
        null,
        null,
        null,
        Outcome.WORKER_LOST,
        code,
        message,
        Verdict.TRUSTED);
  }

  /**
   * From placement to the worker's start. The worker's clock may differ from ours, so that what it
   * says is bounded by what our own clock leaves beside the durations it measured.
   */
  private static double placementMillis(
      AttemptResult raw, Phases phases, Lease lease, Instant receivedAt) {
    double atMost = Math.max(0, millis(lease.boundAt, receivedAt) - phases.total());
    double told = millis(lease.boundAt, raw.startedAt());
    return told >= 0 && told <= atMost ? told : atMost;
  }

  private static double millis(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }
}
