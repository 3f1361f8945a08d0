package dev.ballast.operator.pool;

import dev.ballast.balancer.Outlook;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.operator.report.EventRecorder;
import dev.ballast.operator.report.Recollection;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.validation.PoolSettings;
import dev.ballast.operator.validation.PoolTranslator;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Makes the pods of each pool what its spec says, and tells how it is doing. */
public final class PoolReconciler implements Reconciler<BrowserPool> {
  private static final Logger LOG = System.getLogger(PoolReconciler.class.getName());

  private final DispatchLoop dispatch;
  private final PoolObserver observer;
  private final Blueprints blueprints;
  private final Autoscaler autoscaler;
  private final Circuits circuits;
  private final PoolReports reports;
  private final Recollection recollection;
  private final EventRecorder events;
  private final InstantSource clock;

  /** After the API server refused a pod: what only a person can mend. */
  private final Patience refused = new Patience(Duration.ofSeconds(5));

  /** After a pod has failed: on the node that it comes to next it may not. */
  private final Patience failed = new Patience(Duration.ofSeconds(1));

  private final SimpleInboundEventSource<BrowserPool> news =
      new SimpleInboundEventSource<>("workers");

  /** {@code epoch}: the reign under which statuses are written. */
  public PoolReconciler(
      DispatchLoop dispatch,
      Workers workers,
      Queues queues,
      Outlook outlook,
      WorkerPods template,
      long epoch,
      Recollection recollection,
      EventRecorder events,
      InstantSource clock) {
    this.dispatch = dispatch;
    this.observer = new PoolObserver(workers, queues, recollection);
    this.blueprints = new Blueprints(template);
    this.autoscaler = new Autoscaler(outlook);
    this.circuits = new Circuits(dispatch);
    this.reports = new PoolReports(events, epoch);
    this.recollection = recollection;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, BrowserPool>> prepareEventSources(
      EventSourceContext<BrowserPool> context) {
    return List.of(Belongings.pods(context), Belongings.budgets(context), news);
  }

  /** It is tried again, later each time; without this nobody would read why. */
  @Override
  public ErrorStatusUpdateControl<BrowserPool> updateErrorStatus(
      BrowserPool pool, Context<BrowserPool> context, Exception e) {
    LOG.log(
        Level.WARNING,
        "pool {0}/{1}: {2}",
        pool.getMetadata().getNamespace(),
        pool.getMetadata().getName(),
        e.toString());
    return ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  @Override
  public UpdateControl<BrowserPool> reconcile(BrowserPool pool, Context<BrowserPool> context) {
    if (context.isPrimaryResourceDeleted()) {
      forget(pool);
      return UpdateControl.noUpdate();
    }
    if (pool.isMarkedForDeletion()) {
      return UpdateControl.noUpdate(); // its pods go with it: they have it for an owner
    }
    Instant now = clock.instant();
    PoolSettings settings = PoolTranslator.translate(pool);
    circuits.set(settings);
    PoolObservation observed =
        observer.look(pool, settings, context.getSecondaryResourcesAsStream(Pod.class), now);
    Autoscaler.Scaling scaling =
        autoscaler.scale(pool, settings, observed.queued(), context.getClient(), now);
    if (recollection.lasts(now) && observed.someAreSilent()) {
      return UpdateControl.<BrowserPool>noUpdate().rescheduleAfter(recollection.left(now));
    }
    PoolActions actions = new PoolActions(pool, observed.pods(), context, dispatch, events, clock);
    actions.forgetGone(observed.views());
    actions.budget();
    String hash;
    try {
      hash = blueprints.hash(pool);
    } catch (IllegalArgumentException e) {
      var trouble = new PoolWorker.Trouble("InvalidPodTemplate", String.valueOf(e.getMessage()));
      return new NextLook()
          .at(scaling.lookAgain())
          .at(observed.heldBack())
          .with(
              reports.of(pool, observed.target(""), observed, Optional.of(trouble), scaling, now));
    }
    PoolPlan.Target target = observed.target(hash);
    noteFailures(pool, observed, now);
    PoolPlan plan = PoolPlan.towards(target, observed.workers(), now);
    boolean tooEarly = refused.within(pool, now) || failed.within(pool, now);
    if (tooEarly) {
      plan = plan.withoutNew();
    }
    Optional<PoolWorker.Trouble> refusal = actions.apply(plan, () -> blueprints.of(pool));
    if (!tooEarly) {
      refused.note(pool, refusal, now);
    }
    return new NextLook()
        .after(refusal.isPresent() ? plan.withoutNew() : plan)
        .at(refused.left(pool, now))
        .at(failed.left(pool, now))
        .at(scaling.lookAgain())
        .at(observed.heldBack())
        .with(
            reports.of(
                pool,
                target,
                observed,
                refused.last(pool).or(observed::trouble).or(() -> failed.last(pool)),
                scaling,
                now));
  }

  private void noteFailures(BrowserPool pool, PoolObservation observed, Instant now) {
    Optional<PoolWorker.Trouble> fallen = observed.fallen();
    if (fallen.isPresent()) {
      failed.note(pool, fallen, now);
    } else if (observed.allServe()) {
      failed.forget(pool);
    }
  }

  /** Something changed among the workers of that pool. */
  public void hear(String poolId) {
    int slash = poolId.indexOf('/');
    if (slash > 0) {
      news.propagateEvent(new ResourceID(poolId.substring(slash + 1), poolId.substring(0, slash)));
    }
  }

  private void forget(BrowserPool pool) {
    String id = PoolId.of(pool.getMetadata().getNamespace(), pool.getMetadata().getName());
    autoscaler.forget(id);
    circuits.forget(id);
    observer.forget(id);
    blueprints.forget(pool);
    refused.forget(pool);
    failed.forget(pool);
  }
}
