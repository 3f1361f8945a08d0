package dev.ballast.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a worker does not come up, as its pod's status has it. */
class PoolWorkerTest {
  private static PoolWorker of(String status) {
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: pool-0, uid: u, creationTimestamp: "2026-01-01T12:00:00Z", labels: {}}
            status: %s
            """
                .formatted(status),
            Pod.class);
    return PoolWorker.of(pod, null, Optional.empty());
  }

  private static Optional<String> reason(String status) {
    return of(status).trouble().map(PoolWorker.Trouble::reason);
  }

  private static String waiting(String of, String reason) {
    return "{phase: Pending, %s: [{name: one, state: {waiting: {reason: %s, message: why}}}]}"
        .formatted(of, reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ErrImagePull",
        "ImagePullBackOff",
        "ErrImageNeverPull",
        "InvalidImageName",
        "CreateContainerConfigError",
        "CrashLoopBackOff"
      })
  void aContainerThatDoesNotStartSaysWhy(String reason) {
    assertThat(reason(waiting("initContainerStatuses", reason))).contains(reason);
    assertThat(reason(waiting("containerStatuses", reason))).contains(reason);
    assertThat(of(waiting("containerStatuses", reason)).trouble().orElseThrow().message())
        .isEqualTo("container one: why");
  }

  @Test
  void oneThatOnlyStartsIsNoTrouble() {
    assertThat(reason(waiting("containerStatuses", "ContainerCreating"))).isEmpty();
    assertThat(reason("{phase: Running, conditions: [{type: Ready, status: 'True'}]}")).isEmpty();
    assertThat(reason("{}")).isEmpty();
  }

  @Test
  void aPodThatNoNodeTakesSaysWhatTheSchedulerSays() {
    PoolWorker worker =
        of(
            "{phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason:"
                + " Unschedulable, message: 0/3 nodes are available}]}");

    assertThat(worker.trouble())
        .contains(new PoolWorker.Trouble("Unschedulable", "0/3 nodes are available"));
  }

  @Test
  void aPodThatANodeHasEndedIsReplaced() {
    PoolWorker worker = of("{phase: Failed, reason: Evicted, message: low on memory}");

    assertThat(worker.ended()).isTrue();
    assertThat(worker.trouble()).contains(new PoolWorker.Trouble("Evicted", "low on memory"));
    assertThat(of("{phase: Succeeded}").ended()).isTrue();
    assertThat(reason("{phase: Succeeded}")).contains("PodEnded");
  }
}
