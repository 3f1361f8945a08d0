package dev.ballast.operator.pool;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.operator.report.EventRecorder;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells how a pool is doing: by its status, where that has changed, and by Events. */
final class PoolReports {
  private final EventRecorder events;
  private final long epoch;

  /** {@code epoch}: the reign under which statuses are written. */
  PoolReports(EventRecorder events, long epoch) {
    this.events = events;
    this.epoch = epoch;
  }

  /** {@code trouble}: why the pool cannot be made as it should be. */
  UpdateControl<BrowserPool> of(
      BrowserPool pool,
      PoolPlan.Target target,
      PoolObservation observed,
      Optional<PoolWorker.Trouble> trouble,
      Autoscaler.Scaling scaling,
      Instant now) {
    BrowserPoolStatus before = pool.getStatus();
    long told = before == null || before.epoch() == null ? epoch : before.epoch();
    // A new reign alone is no news: what is not written needs no fence.
    if (PoolStatuses.of(pool, target, observed, trouble, scaling, told, now).equals(before)) {
      return UpdateControl.noUpdate();
    }
    BrowserPoolStatus status =
        PoolStatuses.of(pool, target, observed, trouble, scaling, epoch, now);
    tellOfBreakers(pool, status, observed.views());
    BrowserPool patch = new BrowserPool();
    patch.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(pool.getMetadata().getNamespace())
            .withName(pool.getMetadata().getName())
            .build());
    patch.setStatus(status);
    return UpdateControl.patchStatus(patch);
  }

  private void tellOfBreakers(BrowserPool pool, BrowserPoolStatus status, List<WorkerView> views) {
    boolean wasOpen =
        pool.getStatus() != null
            && pool.getStatus().breaker() != null
            && !"Closed".equals(pool.getStatus().breaker());
    List<String> open =
        views.stream()
            .filter(view -> view.breaker().equals("open"))
            .map(view -> view.id().name())
            .sorted()
            .toList();
    if (!wasOpen && !open.isEmpty() && !"Closed".equals(status.breaker())) {
      events.tell(
          pool,
          EventRecorder.Type.WARNING,
          "BreakerOpened",
          "RestWorker",
          "too many of the last attempts failed in %s: no tasks there for a while"
              .formatted(String.join(", ", open)));
    }
  }
}
