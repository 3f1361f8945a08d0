package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolStatus;
import dev.ballast.operator.resource.Labels;
import dev.ballast.operator.resource.TestJobStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;

/**
 * What a user does in a day, each step until the cluster is what it was declared to be. The user
 * and the played kubelet speak with the API server itself, whatever the controller's way there
 * does.
 */
final class TestingScenario {
  private final TestingCluster cluster;
  private final String namespace;
  private final TestingResources resources;
  private final Duration patience;

  TestingScenario(TestingCluster cluster, String namespace, Duration patience) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.resources = new TestingResources(cluster.client(), namespace);
    this.patience = patience;
  }

  void run() {
    resources.pool("pool", "{browser: chrome, replicas: 2}");
    settled(2);
    resources.job("first", 4);
    complete("first", "0-3");
    resources.pool("pool", "{browser: chrome, replicas: 2, version: \"156.0\"}");
    settled(2);
    assertThat(pods())
        .allSatisfy(pod ->
            assertThat(pod.getSpec().getInitContainers().getFirst().getImage()).endsWith(":156.0"));
    resources.pool("pool", "{browser: chrome, replicas: 1, version: \"156.0\"}");
    settled(1);
    resources.job("second", 3);
    complete("second", "0-2");
    resources.deleteJob("second");
    resources.pool("pool", "{browser: chrome, replicas: 0, version: \"156.0\"}");
    settled(0);
  }

  void end() {
    resources.deleteAll();
  }

  private void settled(int replicas) {
    await()
        .atMost(patience)
        .untilAsserted(() -> {
          BrowserPool pool = resources.pool("pool");
          BrowserPoolStatus status = pool.getStatus();
          assertThat(status).isNotNull();
          assertThat(status.observedGeneration()).isEqualTo(pool.getMetadata().getGeneration());
          assertThat(status.replicas()).isEqualTo(replicas);
          assertThat(status.updatedReplicas()).isEqualTo(replicas);
          assertThat(status.readyReplicas()).isEqualTo(replicas);
          assertThat(Conditions.holds(status.conditions(), "Ready")).isTrue();
          assertThat(Conditions.holds(status.conditions(), "Degraded")).isFalse();
          assertThat(pods()).hasSize(replicas).noneMatch(Pod::isMarkedForDeletion);
          assertThat(pods())
              .noneMatch(pod ->
                  pod.getMetadata().getAnnotations() != null
                      && pod.getMetadata().getAnnotations().containsKey(Labels.DRAINING_SINCE));
        });
  }

  private void complete(String job, String indexes) {
    await()
        .atMost(patience)
        .untilAsserted(() -> {
          TestJobStatus status = resources.job(job).getStatus();
          assertThat(status).isNotNull();
          assertThat(status.phase()).isEqualTo("Complete");
          assertThat(status.completedIndexes()).isEqualTo(indexes);
          assertThat(status.failed()).isZero();
          assertThat(Conditions.holds(status.conditions(), "MeasurementsLost")).isFalse();
        });
  }

  private List<Pod> pods() {
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel(Labels.POOL, "pool")
        .list()
        .getItems();
  }
}
