package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.operator.resource.BrowserPoolStatus;
import dev.ballast.operator.resource.Condition;
import dev.ballast.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pools on a real API server; kubelets and agents are played. */
class PoolClusterTest {
  private final TestingOperator operator = new TestingOperator();
  private final TestingCluster cluster = operator.cluster;
  private final KubernetesClient client = operator.client;
  private final String namespace = operator.namespace;
  private final TestingController controller = operator.controller;
  private final TestingKubelet kubelet = operator.kubelet;
  private final TestingResources resources = operator.resources;

  @AfterEach
  void close() {
    operator.close();
  }

  @Test
  void aPoolMakesItsWorkersAndTellsWhenTheyTakeTasks() {
    operator.readyPool("chrome", "{browser: chrome, replicas: 2, slots: 3}");

    BrowserPoolStatus status = resources.pool("chrome").getStatus();
    assertThat(status.replicas()).isEqualTo(2);
    assertThat(status.readyReplicas()).isEqualTo(2);
    assertThat(status.totalSlots()).isEqualTo(6);
    assertThat(status.busySlots()).isZero();
    assertThat(status.breaker()).isEqualTo("Closed");
    assertThat(status.hardware()).contains("wasm");
    assertThat(pods("chrome")).containsOnlyKeys("chrome-0", "chrome-1");
    Pod pod = pods("chrome").get("chrome-0");
    assertThat(pod.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getName()).isEqualTo("chrome"));
    assertThat(pod.getSpec().getInitContainers().getFirst().getImage())
        .isEqualTo("docker.io/selenium/standalone-chrome:latest");
  }

  @Test
  void aPodPassesThePodSecurityStandardRestricted() {
    client
        .namespaces()
        .withName(namespace)
        .edit(found -> {
          found.getMetadata().getLabels().put("pod-security.kubernetes.io/enforce", "restricted");
          return found;
        });

    resources.pool("locked", "{browser: firefox, replicas: 1}");

    await().untilAsserted(() -> assertThat(pods("locked")).containsOnlyKeys("locked-0"));
  }

  @Test
  void scaleDownWaitsForWhatRuns() {
    operator.readyPool("drained", "{browser: chrome, replicas: 2}");
    kubelet.tasksHang = true;
    resources.job("hanging", 2);
    await()
        .untilAsserted(
            () -> assertThat(resources.pool("drained").getStatus().busySlots()).isEqualTo(2));

    operator.scale("drained", 0);

    await()
        .untilAsserted(() ->
            assertThat(pods("drained").values())
                .hasSize(2)
                .allSatisfy(pod ->
                    assertThat(pod.getMetadata().getAnnotations())
                        .containsKey(Labels.DRAINING_SINCE)));
    // Not even marked for deletion while its task runs.
    assertThat(pods("drained").values()).noneMatch(Pod::isMarkedForDeletion);
    kubelet.tasksHang = false;
    await().untilAsserted(() -> assertThat(pods("drained")).isEmpty());
    await()
        .untilAsserted(
            () -> assertThat(resources.job("hanging").getStatus().phase()).isEqualTo("Complete"));
  }

  @Test
  void aDrainThatTakesTooLongEndsAndItsTaskRunsAgain() {
    operator.readyPool("slow", "{browser: chrome, replicas: 1, drainTimeout: 1s}");
    kubelet.tasksHang = true;
    resources.job("stuck", 1);
    await()
        .untilAsserted(
            () -> assertThat(resources.pool("slow").getStatus().busySlots()).isEqualTo(1));

    operator.scale("slow", 0);

    await()
        .untilAsserted(() -> assertThat(resources.job("stuck").getStatus().waiting()).isEqualTo(1));
    await()
        .untilAsserted(() ->
            assertThat(cluster.kubectl("get", "events.events.k8s.io", "-n", namespace).out())
                .contains("DrainTimeout"));
    kubelet.tasksHang = false;
  }

  @Test
  void aChangedTemplateReplacesTheWorkersAFewAtATime() {
    operator.readyPool("rolled", "{browser: chrome, replicas: 3}");
    Set<String> before = hashes("rolled");

    resources.pool("rolled", "{browser: chrome, replicas: 3, version: \"156.0\"}");

    await()
        .untilAsserted(() -> {
          assertThat(hashes("rolled")).hasSize(1).isNotEqualTo(before);
          assertThat(resources.pool("rolled").getStatus().updatedReplicas()).isEqualTo(3);
          assertThat(found("rolled", "Ready").status()).isEqualTo(Condition.Status.TRUE);
        });
    assertThat(pods("rolled").values())
        .allSatisfy(pod ->
            assertThat(pod.getSpec().getInitContainers().getFirst().getImage()).endsWith(":156.0"));
  }

  @Test
  void aPoolsTemplateIsMergedOverThePod() {
    resources.pool(
        "gpu",
        """
        {browser: chrome, replicas: 1, podTemplate: {metadata: {labels: {team: a}}, spec: {
          nodeSelector: {gpu: "true"},
          containers: [{name: browser, resources: {limits: {nvidia.com/gpu: "1"}}},
                       {name: agent, env: [{name: HTTPS_PROXY, value: "http://proxy:3128"}]}]}}}
        """);

    await().untilAsserted(() -> assertThat(pods("gpu")).containsOnlyKeys("gpu-0"));
    Pod pod = pods("gpu").get("gpu-0");

    assertThat(pod.getSpec().getNodeSelector()).containsEntry("gpu", "true");
    assertThat(pod.getMetadata().getLabels()).containsEntry("team", "a").containsKey(Labels.POOL);
    assertThat(pod.getSpec().getInitContainers().getFirst().getResources().getLimits())
        .containsKeys("nvidia.com/gpu", "memory");
    assertThat(pod.getSpec().getContainers().getFirst().getEnv())
        .extracting(env -> env.getName())
        .contains("POD_NAME", "HTTPS_PROXY");
  }

  @Test
  void othersMayEvictAQuarterOfAPoolAtATime() {
    resources.pool("evicted", "{browser: chrome, replicas: 4}");

    await()
        .untilAsserted(() -> {
          var budget =
              client.policy().v1().podDisruptionBudget().inNamespace(namespace).withName("evicted");
          assertThat(budget.get()).isNotNull();
          // Kubernetes itself counts: it found the pods, and through /scale how many there should
          // be.
          assertThat(budget.get().getStatus().getExpectedPods()).isEqualTo(4);
          assertThat(budget.get().getStatus().getDisruptionsAllowed()).isEqualTo(1);
        });
  }

  @Test
  void aQuotaIsAConditionAndNoHotLoop() {
    client
        .resource(
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("few")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .addToHard("count/pods", new io.fabric8.kubernetes.api.model.Quantity("1"))
                .endSpec()
                .build())
        .create();
    await()
        .untilAsserted(() ->
            assertThat(
                    client
                        .resourceQuotas()
                        .inNamespace(namespace)
                        .withName("few")
                        .get()
                        .getStatus()
                        .getUsed())
                .isNotEmpty());

    resources.pool("many", "{browser: chrome, replicas: 3}");

    await()
        .untilAsserted(() -> {
          Condition degraded = found("many", "Degraded");
          assertThat(degraded.status()).isEqualTo(Condition.Status.TRUE);
          assertThat(degraded.reason()).isEqualTo("QuotaExceeded");
          assertThat(degraded.message()).contains("exceeded quota: few");
        });
    long tries = podWrites();
    await().during(Duration.ofSeconds(2)).until(() -> podWrites() <= tries + 1);
  }

  @Test
  void aPodThatDoesNotComeUpSaysWhy() {
    kubelet.away = true;
    resources.pool("broken", "{browser: chrome, replicas: 1, image: \"nowhere/browser:1\"}");
    await().untilAsserted(() -> assertThat(pods("broken")).hasSize(1));

    resources.podStatus(
        "broken-0",
        """
        {"phase": "Pending", "initContainerStatuses": [{"name": "browser", "image": "x",
          "imageID": "", "ready": false, "restartCount": 0, "state": {"waiting": {
          "reason": "ImagePullBackOff", "message": "Back-off pulling image"}}}]}
        """);

    await()
        .untilAsserted(() -> {
          assertThat(found("broken", "Degraded").reason()).isEqualTo("ImagePullBackOff");
          assertThat(found("broken", "Progressing").message())
              .isEqualTo("container browser: Back-off pulling image");
        });
  }

  @Test
  void aPodThatNoNodeTakesSaysWhy() {
    kubelet.away = true;
    resources.pool("homeless", "{browser: chrome, replicas: 1}");
    await().untilAsserted(() -> assertThat(pods("homeless")).hasSize(1));

    resources.podStatus(
        "homeless-0",
        """
        {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
          "reason": "Unschedulable", "message": "0/3 nodes are available: 3 Insufficient cpu."}]}
        """);

    await()
        .untilAsserted(() -> {
          assertThat(found("homeless", "Degraded").reason()).isEqualTo("Unschedulable");
          assertThat(found("homeless", "Degraded").message()).contains("3 Insufficient cpu");
          assertThat(found("homeless", "Ready").status()).isEqualTo(Condition.Status.FALSE);
        });
  }

  /** As on a node that has no place for it: the next one would fail as soon. */
  @Test
  void aPodThatFailsIsReplacedButNotInAHotLoop() {
    kubelet.away = true;
    resources.pool("failing", "{browser: chrome, replicas: 1}");
    Set<String> made = new java.util.HashSet<>();
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < Duration.ofSeconds(6).toNanos()) {
      pods("failing").values().stream()
          .filter(pod -> !pod.isMarkedForDeletion())
          .filter(pod -> made.add(pod.getMetadata().getUid()))
          .forEach(pod ->
              resources.podStatus(
                  pod.getMetadata().getName(),
                  "{\"phase\": \"Failed\", \"reason\": \"OutOfcpu\", \"message\": \"Node has none\"}"));
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    // After 1, 2 and 4 s.
    assertThat(made).hasSizeBetween(2, 4);
    assertThat(found("failing", "Degraded").reason()).isEqualTo("OutOfcpu");
    kubelet.comeBack();
    await()
        .untilAsserted(() -> {
          assertThat(found("failing", "Ready").status()).isEqualTo(Condition.Status.TRUE);
          assertThat(found("failing", "Degraded").status()).isEqualTo(Condition.Status.FALSE);
        });
  }

  /** A pod that is not found by its labels would be made for ever. */
  @Test
  void aTemplateCannotTakeAPodAwayFromItsPool() {
    resources.pool(
        "mine",
        """
        {browser: chrome, replicas: 1, podTemplate: {metadata: {labels: {
          app.kubernetes.io/managed-by: me, ballast.dev/pool: another, team: a}}}}
        """);

    await()
        .untilAsserted(
            () -> assertThat(found("mine", "Ready").status()).isEqualTo(Condition.Status.TRUE));
    assertThat(pods("mine").get("mine-0").getMetadata().getLabels())
        .containsEntry("team", "a")
        .containsEntry(Labels.MANAGED_BY, "ballast");
  }

  @Test
  void aTemplateThatMakesNoPodIsSaid() {
    resources.pool(
        "odd", "{browser: chrome, replicas: 1, podTemplate: {spec: {nodeName: [1, 2]}}}");

    await()
        .untilAsserted(
            () -> assertThat(found("odd", "Degraded").reason()).isEqualTo("InvalidPodTemplate"));
  }

  @Test
  void aDeletedPoolTakesItsPodsWithIt() {
    operator.readyPool("gone", "{browser: chrome, replicas: 1}");

    cluster.kubectl("delete", "bpool", "gone", "-n", namespace);

    await().untilAsserted(() -> assertThat(pods("gone")).isEmpty());
  }

  private long podWrites() {
    return controller.writes().stream().filter(write -> write.contains("/pods/")).count();
  }

  private Set<String> hashes(String pool) {
    return pods(pool).values().stream()
        .map(pod -> pod.getMetadata().getLabels().get(Labels.TEMPLATE_HASH))
        .collect(Collectors.toSet());
  }

  private Map<String, Pod> pods(String pool) {
    return operator.pods(pool);
  }

  private Condition found(String pool, String type) {
    return operator.condition(pool, type);
  }
}
