package dev.ballast.operator.pool;

import dev.ballast.balancer.Outlook;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.operator.report.EventRecorder;
import dev.ballast.operator.report.Recollection;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolStatus;
import dev.ballast.operator.resource.Labels;
import dev.ballast.operator.validation.PoolSettings;
import dev.ballast.operator.validation.PoolTranslator;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the pods of each pool what its spec says, and tells how it is doing. */
public final class PoolReconciler implements Reconciler<BrowserPool> {
  private static final Logger LOG = System.getLogger(PoolReconciler.class.getName());

  /** Own writes bring no event, so that the step after them has to be asked for. */
  private static final Duration SOON = Duration.ofMillis(100);

  private static final Duration AFTER_WRITE = Duration.ofSeconds(1);

  private final DispatchLoop dispatch;
  private final Workers workers;
  private final Queues queues;
  private final Wear wear = new Wear();
  private final WorkerPods template;
  private final Autoscaler autoscaler;
  private final Circuits circuits;
  private final long epoch;
  private final Recollection recollection;
  private final EventRecorder events;
  private final InstantSource clock;
  private final Patience patience = new Patience();
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
    this.workers = workers;
    this.queues = queues;
    this.template = template;
    this.autoscaler = new Autoscaler(outlook);
    this.circuits = new Circuits(dispatch);
    this.epoch = epoch;
    this.recollection = recollection;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, BrowserPool>> prepareEventSources(
      EventSourceContext<BrowserPool> context) {
    InformerEventSourceConfiguration<Pod> pods =
        InformerEventSourceConfiguration.from(Pod.class, BrowserPool.class)
            .withName("pods")
            .withLabelSelector(Labels.WORKERS)
            .withNamespacesInheritedFromController()
            .build();
    InformerEventSourceConfiguration<PodDisruptionBudget> budgets =
        InformerEventSourceConfiguration.from(PodDisruptionBudget.class, BrowserPool.class)
            .withName("budgets")
            .withLabelSelector(Labels.WORKERS)
            .withNamespacesInheritedFromController()
            .build();
    return List.of(
        new InformerEventSource<>(pods, context),
        new InformerEventSource<>(budgets, context),
        news);
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
    List<WorkerView> views = workers.of(settings.namespace(), settings.name());
    int waiting = queues.of(settings, views);
    // Before workers have told what they hold, more seems to wait than does.
    int queued = recollection.lasts(now) ? toldBefore(pool, waiting) : waiting;
    Autoscaler.Scaling scaling = autoscaler.scale(pool, settings, queued, context.getClient(), now);
    Optional<Duration> heldBack =
        queued == waiting ? Optional.empty() : Optional.of(recollection.left(now));
    Map<String, Pod> pods =
        context
            .getSecondaryResourcesAsStream(Pod.class)
            .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), Function.identity()));
    List<PoolWorker> observed = observe(settings, pods, views);
    if (recollection.lasts(now) && observed.stream().anyMatch(w -> w.ready() && !w.joined())) {
      return UpdateControl.<BrowserPool>noUpdate().rescheduleAfter(recollection.left(now));
    }
    PoolActions actions = new PoolActions(pool, pods, context, dispatch, events, clock);
    actions.forgetGone(views);
    Disruptions.missing(pool, context.getSecondaryResource(PodDisruptionBudget.class))
        .ifPresent(context.resourceOperations()::serverSideApply);
    PodBlueprint blueprint;
    try {
      blueprint = PodBlueprint.of(pool, template);
    } catch (IllegalArgumentException e) {
      var trouble = new PoolWorker.Trouble("InvalidPodTemplate", String.valueOf(e.getMessage()));
      PoolPlan.Target target =
          new PoolPlan.Target(settings.name(), settings.replicas(), "", settings.drainTimeout());
      UpdateControl<BrowserPool> control =
          report(pool, target, observed, views, queued, Optional.of(trouble), scaling, now);
      return lookAgain(control, PoolPlan.NOTHING, scaling, Optional.empty(), heldBack);
    }
    PoolPlan.Target target =
        new PoolPlan.Target(
            settings.name(), settings.replicas(), blueprint.hash(), settings.drainTimeout());
    PoolPlan plan = PoolPlan.towards(target, observed, now);
    Optional<PoolWorker.Trouble> trouble =
        patience.within(pool, now) ? patience.last(pool) : actions.apply(plan, blueprint);
    patience.note(pool, trouble, now);
    UpdateControl<BrowserPool> control =
        report(pool, target, observed, views, queued, trouble, scaling, now);
    return lookAgain(control, plan, scaling, patience.left(pool, now), heldBack);
  }

  /** Something changed among the workers of that pool. */
  public void hear(String poolId) {
    int slash = poolId.indexOf('/');
    if (slash > 0) {
      news.propagateEvent(new ResourceID(poolId.substring(slash + 1), poolId.substring(0, slash)));
    }
  }

  private static int toldBefore(BrowserPool pool, int waiting) {
    BrowserPoolStatus status = pool.getStatus();
    Integer before = status == null ? null : status.queuedTasks();
    return before == null ? waiting : before;
  }

  private void forget(BrowserPool pool) {
    String id = PoolId.of(pool.getMetadata().getNamespace(), pool.getMetadata().getName());
    autoscaler.forget(id);
    circuits.forget(id);
    queues.forget(id);
    wear.forget(id);
    patience.forget(pool);
  }

  private List<PoolWorker> observe(
      PoolSettings settings, Map<String, Pod> pods, List<WorkerView> views) {
    Map<String, WorkerView> byPod =
        views.stream()
            .filter(Workers::inCluster)
            .collect(Collectors.toMap(Workers::podName, Function.identity(), (a, _) -> a));
    wear.keep(
        PoolId.of(settings.namespace(), settings.name()),
        views.stream().map(view -> view.id().name()).collect(Collectors.toSet()));
    return pods.values().stream()
        .map(pod -> {
          WorkerView view = byPod.get(pod.getMetadata().getName());
          return PoolWorker.of(
              pod, view, view == null ? Optional.empty() : wear.of(settings, view));
        })
        .toList();
  }

  private UpdateControl<BrowserPool> report(
      BrowserPool pool,
      PoolPlan.Target target,
      List<PoolWorker> observed,
      List<WorkerView> views,
      int queued,
      Optional<PoolWorker.Trouble> trouble,
      Autoscaler.Scaling scaling,
      Instant now) {
    BrowserPoolStatus before = pool.getStatus();
    long told = before == null || before.epoch() == null ? epoch : before.epoch();
    // A new reign alone is no news: what is not written needs no fence.
    if (PoolStatuses.of(pool, target, observed, views, queued, trouble, scaling, told, now)
        .equals(before)) {
      return UpdateControl.noUpdate();
    }
    BrowserPoolStatus status =
        PoolStatuses.of(pool, target, observed, views, queued, trouble, scaling, epoch, now);
    tellOfBreakers(pool, status, views);
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

  private static UpdateControl<BrowserPool> lookAgain(
      UpdateControl<BrowserPool> control,
      PoolPlan plan,
      Autoscaler.Scaling scaling,
      Optional<Duration> patience,
      Optional<Duration> heldBack) {
    Stream<Duration> wakes =
        patience.isPresent()
            ? patience.stream()
            : Stream.concat(
                plan.isUnderWay() ? Stream.of(SOON) : plan.lookAgain().stream(),
                scaling.lookAgain().stream());
    // A change that meets the write of a status may bring no event: the write is taken for it.
    // A deletion that was refused is tried again.
    boolean unsure = control.isPatchStatus() || plan.deletes();
    return Stream.of(
            wakes, heldBack.stream(), unsure ? Stream.of(AFTER_WRITE) : Stream.<Duration>of())
        .flatMap(Function.identity())
        .min(Comparator.naturalOrder())
        .map(in -> control.rescheduleAfter(in.isPositive() ? in : SOON))
        .orElse(control);
  }
}
