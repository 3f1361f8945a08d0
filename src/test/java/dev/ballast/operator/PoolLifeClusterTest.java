package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.operator.resource.Condition;
import dev.ballast.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to the workers of a pool while it runs, on a real API server. */
class PoolLifeClusterTest {
  private final TestingOperator operator = new TestingOperator();
  private final TestingKubelet kubelet = operator.kubelet;
  private final TestingResources resources = operator.resources;

  @AfterEach
  void close() {
    operator.close();
  }

  @Test
  void aBrowserThatHasDoneItsTasksIsReplaced() {
    operator.readyPool("worn", "{browser: chrome, replicas: 2, recycle: {afterTasks: 3}}");
    Set<String> before = uids("worn");

    resources.job("wearing", 12);

    operator.awaitPhase("wearing", "Complete");
    await()
        .untilAsserted(() -> {
          assertThat(uids("worn")).hasSize(2).doesNotContainAnyElementsOf(before);
          assertThat(operator.condition("worn", "Ready").status()).isEqualTo(Condition.Status.TRUE);
        });
    assertThat(operator.events("worn"))
        .anySatisfy(event -> assertThat(event.getNote()).contains("tasks done)"));
    assertThat(resources.job("wearing").getStatus().completedIndexes()).isEqualTo("0-11");
  }

  @Test
  void aPoolTellsHowManyWaitingTasksItCouldRun() {
    resources.pool("chrome", "{browser: chrome, replicas: 0}");
    resources.pool("firefox", "{browser: firefox, replicas: 0}");
    resources.jobOf("any", job("", 5));
    resources.jobOf("fox", job("browsers: [firefox], ", 7));
    resources.jobOf(
        "chosen",
        "{poolSelector: {matchLabels: {ballast.dev/pool: chrome}}, %s"
            .formatted(job("", 3).substring(1)));
    resources.jobOf("paused", "{suspend: true, %s".formatted(job("", 9).substring(1)));

    await()
        .untilAsserted(() -> {
          assertThat(operator.status("chrome").queuedTasks()).isEqualTo(8);
          assertThat(operator.status("firefox").queuedTasks()).isEqualTo(12);
        });
    operator.scale("chrome", 1);
    operator.scale("firefox", 1);
    await()
        .untilAsserted(() -> {
          assertThat(operator.status("chrome").queuedTasks()).isZero();
          assertThat(operator.status("firefox").queuedTasks()).isZero();
        });
  }

  @Test
  void anAutomaticPoolWithoutWorkersGetsOneWhenSomethingWaits() {
    resources.pool("cold", "{browser: chrome, replicas: 0, autoscaling: {mode: Auto}}");
    await().untilAsserted(() -> assertThat(operator.status("cold").replicas()).isZero());

    resources.job("waking", 2);

    operator.awaitPhase("waking", "Complete");
  }

  @Test
  void aWorkerFromOutsideIsCountedApartAndStaysWhateverBecomesOfThePool() {
    operator.readyPool("mixed", "{browser: chrome, replicas: 1, slots: 1}");
    TestingAgent laptop =
        new TestingAgent(kubelet, outside("mixed"), operator.controller::dispatch, () -> {});
    try {
      await()
          .untilAsserted(() -> {
            assertThat(operator.status("mixed").externalReplicas()).isEqualTo(1);
            assertThat(operator.status("mixed").replicas()).isEqualTo(1);
            assertThat(operator.status("mixed").readyReplicas()).isEqualTo(1);
            assertThat(operator.status("mixed").totalSlots()).isEqualTo(3);
          });

      operator.scale("mixed", 0);

      await().untilAsserted(() -> assertThat(operator.pods("mixed")).isEmpty());
      await().untilAsserted(() -> assertThat(operator.status("mixed").replicas()).isZero());
      assertThat(operator.status("mixed").externalReplicas()).isEqualTo(1);
      resources.job("abroad", 3);
      operator.awaitPhase("abroad", "Complete");
      assertThat(operator.events("mixed")).noneMatch(event -> event.getNote().contains("laptop"));
    } finally {
      laptop.stop();
    }
    // Nobody hears of it any more.
    await().untilAsserted(() -> assertThat(operator.status("mixed").externalReplicas()).isNull());
  }

  /** No pod, but what an agent is started with is the same. */
  private Pod outside(String pool) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("laptop")
        .withNamespace(operator.namespace)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withArgs(
            "worker",
            "--name=laptop@" + operator.namespace + "/" + pool,
            "--pool=" + operator.namespace + "/" + pool,
            "--browser=chrome",
            "--slots=2",
            "--label=" + Labels.NAMESPACE + "=" + operator.namespace)
        .endContainer()
        .endSpec()
        .build();
  }

  /** As when its node is drained: what runs there ends first, and no second worker goes. */
  @Test
  void anEvictedWorkerFinishesWhatItRuns() {
    operator.readyPool("evicted", "{browser: chrome, replicas: 2, drainTimeout: 5m}");
    await().until(() -> budget() == 1);
    kubelet.tasksHang = true;
    resources.job("running", 1);
    await().untilAsserted(() -> assertThat(operator.status("evicted").busySlots()).isOne());
    String busy =
        operator.controller.dispatch().workers().stream()
            .filter(worker -> !worker.running().isEmpty())
            .map(worker -> worker.id().name().replaceFirst("\\..*", ""))
            .findFirst()
            .orElseThrow();
    String uid = operator.pods("evicted").get(busy).getMetadata().getUid();

    kubelet.away = true;
    assertThat(evict(busy)).isTrue();

    Pod leaving = operator.pods("evicted").get(busy);
    assertThat(leaving.isMarkedForDeletion()).isTrue();
    // Longer than a drain may take.
    assertThat(leaving.getMetadata().getDeletionGracePeriodSeconds()).isGreaterThan(300);
    String other = busy.equals("evicted-0") ? "evicted-1" : "evicted-0";
    await().until(() -> budget() == 0);
    assertThat(evict(other)).isFalse();
    kubelet.tasksHang = false;
    kubelet.comeBack();
    operator.awaitPhase("running", "Complete");
    await()
        .untilAsserted(() -> {
          assertThat(uids("evicted")).hasSize(2).doesNotContain(uid);
          assertThat(operator.condition("evicted", "Ready").status())
              .isEqualTo(Condition.Status.TRUE);
        });
    // It ran once, where it was.
    assertThat(operator.events("running"))
        .noneMatch(event -> List.of("Retried", "Migrated").contains(event.getReason()));
  }

  private boolean evict(String pod) {
    return operator.client.pods().inNamespace(operator.namespace).withName(pod).evict();
  }

  private int budget() {
    var found =
        operator
            .client
            .policy()
            .v1()
            .podDisruptionBudget()
            .inNamespace(operator.namespace)
            .withName("evicted")
            .get();
    return found == null || found.getStatus() == null
        ? -1
        : found.getStatus().getDisruptionsAllowed();
  }

  private Set<String> uids(String pool) {
    return operator.pods(pool).values().stream()
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  private static String job(String more, int repetitions) {
    return "{matrix: {models: [{name: vad, family: audio, source: \"builtin:silero-vad\"}], %srepetitions: %d}}"
        .formatted(more, repetitions);
  }
}
