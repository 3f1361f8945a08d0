package dev.ballast.operator.pool;

import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.WorkerId;
import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.report.EventRecorder;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Does what a plan says: the only place where pods are written. */
final class PoolActions {
  private static final int UNPROCESSABLE = 422;

  private final BrowserPool pool;
  private final Map<String, Pod> pods;
  private final Context<BrowserPool> context;
  private final DispatchLoop dispatch;
  private final EventRecorder events;
  private final InstantSource clock;

  PoolActions(
      BrowserPool pool,
      Map<String, Pod> pods,
      Context<BrowserPool> context,
      DispatchLoop dispatch,
      EventRecorder events,
      InstantSource clock) {
    this.pool = pool;
    this.pods = pods;
    this.context = context;
    this.dispatch = dispatch;
    this.events = events;
    this.clock = clock;
  }

  /** Returns why the API server refuses a pod, if it does; any other failure is thrown. */
  Optional<PoolWorker.Trouble> apply(PoolPlan plan, Supplier<PodBlueprint> blueprints) {
    plan.mark().forEach(this::mark);
    if (!plan.mark().isEmpty()) {
      events.tell(
          pool, EventRecorder.Type.NORMAL, "Draining", "DrainWorker", draining(plan.mark()));
    }
    plan.drain().forEach(worker -> drain(worker.name()));
    plan.overdue().forEach(this::giveUp);
    List<String> drained =
        plan.delete().stream()
            .filter(this::delete)
            .filter(PoolWorker::leaving)
            .map(PoolWorker::name)
            .sorted()
            .toList();
    if (!drained.isEmpty()) {
      events.tell(
          pool,
          EventRecorder.Type.NORMAL,
          "Drained",
          "DeleteWorker",
          "nothing runs any more in %s".formatted(String.join(", ", drained)));
    }
    if (plan.create().isEmpty()) {
      return Optional.empty();
    }
    PodBlueprint blueprint = blueprints.get();
    for (String name : plan.create()) {
      try {
        context.resourceOperations().serverSideApply(blueprint.pod(name));
      } catch (KubernetesClientException e) {
        return Optional.of(refusal(e));
      }
    }
    return Optional.empty();
  }

  /** Workers whose pods are gone will not come back: what ran there need not wait for its lease. */
  void forgetGone(List<WorkerView> views) {
    for (WorkerView view : views) {
      if (Workers.inCluster(view) && !pods.containsKey(Workers.podName(view))) {
        dispatch.gone(view.id()).join();
      }
    }
  }

  /** Sees to it that others evict only so many of its workers at a time. */
  void budget() {
    Disruptions.missing(pool, context.getSecondaryResource(PodDisruptionBudget.class))
        .ifPresent(context.resourceOperations()::serverSideApply);
  }

  private void mark(PoolWorker worker) {
    context
        .getClient()
        .pods()
        .inNamespace(pool.getMetadata().getNamespace())
        .withName(worker.name())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"uid\":\"%s\",\"annotations\":{\"%s\":\"%s\"}}}"
                .formatted(worker.uid(), Labels.DRAINING_SINCE, Conditions.time(clock.instant())));
    drain(worker.name());
  }

  private static String draining(List<PoolWorker> marked) {
    return "%s take%s no new tasks; %d are finished there first"
        .formatted(
            marked.stream()
                .map(worker -> worker.name() + worker.worn().map(" (%s)"::formatted).orElse(""))
                .sorted()
                .collect(Collectors.joining(", ")),
            marked.size() == 1 ? "s" : "",
            marked.stream().mapToInt(PoolWorker::tasks).sum());
  }

  private void drain(String pod) {
    try {
      dispatch.drain(id(pod)).join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof DispatchException refused)
          || refused.code() != DispatchException.Code.NO_SUCH_WORKER) {
        throw e;
      }
      // It has not joined, so there is nothing to take back.
    }
  }

  private void giveUp(PoolWorker worker) {
    events.tell(
        pool,
        EventRecorder.Type.WARNING,
        "DrainTimeout",
        "DeleteWorker",
        "%s still ran %d tasks after spec.drainTimeout; they are queued again"
            .formatted(worker.name(), worker.tasks()));
    if (delete(worker)) {
      dispatch.gone(id(worker.name())).join();
    }
  }

  /** Only the pod that was looked at: one that has changed since is looked at again. */
  private boolean delete(PoolWorker worker) {
    Pod pod = pods.get(worker.name());
    if (pod == null) {
      return false;
    }
    try {
      context
          .getClient()
          .resource(pod)
          .lockResourceVersion(pod.getMetadata().getResourceVersion())
          .delete();
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private WorkerId id(String pod) {
    return new WorkerId(Workers.workerName(pool.getMetadata().getNamespace(), pod));
  }

  /** A quota, an admission policy or an invalid template: what only a person can mend. */
  private static PoolWorker.Trouble refusal(KubernetesClientException e) {
    String text =
        e.getStatus() == null || e.getStatus().getMessage() == null
            ? String.valueOf(e.getMessage())
            : e.getStatus().getMessage();
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_FORBIDDEN ->
          new PoolWorker.Trouble(
              text.contains("exceeded quota") ? "QuotaExceeded" : "PodForbidden", text);
      case UNPROCESSABLE, HttpURLConnection.HTTP_BAD_REQUEST ->
          new PoolWorker.Trouble("InvalidPodTemplate", text);
      default -> throw e;
    };
  }
}
