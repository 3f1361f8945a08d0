package dev.ballast.operator.pool;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One worker of a pool as it was observed: its pod, and what dispatch knows of it.
 *
 * @param hash what the pod was made from
 * @param ready its browser answers
 * @param ended the pod has failed or finished and will not run again
 * @param terminating it is being deleted
 * @param drainingSince when it was asked to leave
 * @param trouble why it does not come up
 * @param tasks bound or running there
 * @param joined it has a place in dispatch
 * @param bindable dispatch may place tasks there
 * @param worn why it is to be replaced although it is as the spec has it
 */
record PoolWorker(
    String name,
    String uid,
    String hash,
    Instant createdAt,
    boolean ready,
    boolean ended,
    boolean terminating,
    Optional<Instant> drainingSince,
    Optional<Trouble> trouble,
    int tasks,
    boolean joined,
    boolean bindable,
    Optional<String> worn) {

  /** Reasons that do not pass by themselves in a moment. */
  private static final Set<String> STUCK =
      Set.of(
          "ImagePullBackOff",
          "ErrImagePull",
          "ErrImageNeverPull",
          "ImageInspectError",
          "RegistryUnavailable",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "CrashLoopBackOff",
          "RunContainerError");

  /** Why a pod does not come up. */
  record Trouble(String reason, String message) {}

  static PoolWorker of(Pod pod, @Nullable WorkerView view, Optional<String> worn) {
    PodStatus status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    String phase = status.getPhase() == null ? "" : status.getPhase();
    boolean joined = view != null && view.state() != WorkerView.State.LOST;
    String since =
        pod.getMetadata().getAnnotations() == null
            ? null
            : pod.getMetadata().getAnnotations().get(Labels.DRAINING_SINCE);
    return new PoolWorker(
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        pod.getMetadata().getLabels().getOrDefault(Labels.TEMPLATE_HASH, ""),
        Instant.parse(pod.getMetadata().getCreationTimestamp()),
        status.getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True")),
        phase.equals("Failed") || phase.equals("Succeeded"),
        pod.isMarkedForDeletion(),
        Optional.ofNullable(since).map(Instant::parse),
        trouble(status),
        view == null || !joined ? 0 : view.bound().size() + view.running().size(),
        joined,
        view != null && view.state() == WorkerView.State.READY,
        worn);
  }

  /** Whether it is what a new one would be. */
  boolean isCurrent(String wantedHash) {
    return hash.equals(wantedHash) && worn.isEmpty();
  }

  boolean leaving() {
    return drainingSince.isPresent();
  }

  boolean staying() {
    return !ended && !terminating && !leaving();
  }

  private static Optional<Trouble> trouble(PodStatus status) {
    if ("Failed".equals(status.getPhase())) {
      return Optional.of(
          new Trouble(
              status.getReason() == null ? "PodFailed" : status.getReason(),
              status.getMessage() == null ? "its pod has failed" : status.getMessage()));
    }
    if ("Succeeded".equals(status.getPhase())) {
      return Optional.of(
          new Trouble("PodEnded", "its containers have ended, as those of a worker never should"));
    }
    for (PodCondition condition : status.getConditions()) {
      if (condition.getType().equals("PodScheduled") && "False".equals(condition.getStatus())) {
        return Optional.of(
            new Trouble(
                condition.getReason() == null ? "Unschedulable" : condition.getReason(),
                condition.getMessage() == null ? "no node takes it" : condition.getMessage()));
      }
    }
    return Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
        .flatMap(List::stream)
        .filter(container ->
            container.getState() != null
                && container.getState().getWaiting() != null
                && STUCK.contains(String.valueOf(container.getState().getWaiting().getReason())))
        .findFirst()
        .map(PoolWorker::waiting);
  }

  private static Trouble waiting(ContainerStatus container) {
    var waiting = container.getState().getWaiting();
    return new Trouble(
        waiting.getReason(),
        "container %s: %s"
            .formatted(
                container.getName(),
                waiting.getMessage() == null ? waiting.getReason() : waiting.getMessage()));
  }
}
