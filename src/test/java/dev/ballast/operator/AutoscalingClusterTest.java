package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.PoolOutlook;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.operator.resource.BrowserPool;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who sets the workers of a pool, on a real API server. The forecast is what the test says. */
class AutoscalingClusterTest {
  private final TestingCluster cluster = TestingCluster.shared();
  private final KubernetesClient client = cluster.client();
  private final String namespace = cluster.newNamespace();
  private final TestingController controller =
      new TestingController(new TestingJournal(), namespace);
  private final TestingResources resources = new TestingResources(client, namespace);

  /** A forecast that asks for so many workers, and expects 60 % of the slots busy. */
  static UnaryOperator<PoolOutlook> asking(int workers) {
    return known ->
        new PoolOutlook(
            known.desired(),
            OptionalInt.of(workers),
            new TreeMap<>(Map.of(0.5, 0.6, 0.9, 1.4)),
            OptionalDouble.empty(),
            Optional.of(true));
  }

  @AfterEach
  void close() {
    resources.deleteAll();
    controller.close();
  }

  @Test
  void autoWritesReplicasThroughTheDoorThatAnHpaUses() {
    resources.pool(
        "auto",
        "{browser: chrome, autoscaling: {mode: Auto, maxReplicas: 3, scaleDownStabilization: 0s}}");

    expect("auto", 5);
    await()
        .untilAsserted(() -> assertThat(resources.pool("auto").getSpec().replicas()).isEqualTo(3));
    await()
        .untilAsserted(() -> {
          assertThat(resources.pool("auto").getStatus().replicas()).isEqualTo(3);
          assertThat(resources.pool("auto").getStatus().recommendedReplicas()).isEqualTo(3);
          assertThat(resources.pool("auto").getStatus().forecast()).isEqualTo("60%");
        });
    assertThat(controller.writes())
        .contains(
            "PUT /apis/ballast.dev/v1alpha1/namespaces/%s/browserpools/auto/scale"
                .formatted(namespace));
    assertThat(controller.outlook().of(namespace + "/auto").desired()).hasValue(3);

    expect("auto", 1);
    await().untilAsserted(() -> assertThat(resources.pool("auto").getSpec().replicas()).isOne());
  }

  @Test
  void autoKeepsWorkersThatWereNeededALittleWhileAgo() {
    resources.pool(
        "kept", "{browser: chrome, autoscaling: {mode: Auto, scaleDownStabilization: 2s}}");
    expect("kept", 2);
    await()
        .untilAsserted(() -> assertThat(resources.pool("kept").getSpec().replicas()).isEqualTo(2));

    expect("kept", 0);

    await()
        .during(Duration.ofMillis(1200))
        .until(() -> resources.pool("kept").getSpec().replicas() == 2);
    await().untilAsserted(() -> assertThat(resources.pool("kept").getSpec().replicas()).isZero());
  }

  @Test
  void recommendOnlySaysSoAndManualNotEvenThat() {
    resources.pool("told", "{browser: chrome, replicas: 1, autoscaling: {mode: Recommend}}");
    resources.pool("mine", "{browser: chrome, replicas: 1}");
    expect("told", 4);
    expect("mine", 4);

    await()
        .untilAsserted(() -> {
          assertThat(resources.pool("told").getStatus()).isNotNull();
          assertThat(resources.pool("told").getStatus().recommendedReplicas()).isEqualTo(4);
          assertThat(resources.pool("mine").getStatus().forecast()).isEqualTo("60%");
        });
    // Somebody follows the recommendation, or an HPA has an opinion of its own.
    cluster.kubectl("scale", "bpool", "told", "mine", "--replicas=2", "-n", namespace);
    await()
        .untilAsserted(() -> {
          assertThat(resources.pool("told").getStatus().replicas()).isEqualTo(2);
          assertThat(resources.pool("mine").getStatus().replicas()).isEqualTo(2);
        });
    BrowserPool mine = resources.pool("mine");
    assertThat(mine.getStatus().recommendedReplicas()).isNull();
    assertThat(controller.writes()).noneMatch(write -> write.endsWith("/scale"));
  }

  private void expect(String pool, int workers) {
    controller.outlook().update(namespace + "/" + pool, asking(workers));
  }
}
