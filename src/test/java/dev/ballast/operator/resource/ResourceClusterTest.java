package dev.ballast.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.operator.TestingCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The resources as the API server keeps them: pruned, defaulted, scaled and shown. */
class ResourceClusterTest {
  private static final String JOB =
      """
      apiVersion: ballast.dev/v1alpha1
      kind: TestJob
      metadata: {name: %s, namespace: %s}
      spec:
        matrix:
          models: [{name: vad, family: audio, source: "builtin:silero-vad"}]
          repetitions: %d
      """;
  private static final String POOL =
      """
      apiVersion: ballast.dev/v1alpha1
      kind: BrowserPool
      metadata: {name: %s, namespace: %s}
      spec: {browser: chrome, replicas: 2}
      """;

  private final TestingCluster cluster = TestingCluster.shared();
  private final KubernetesClient client = cluster.client();
  private final String namespace = cluster.newNamespace();

  @Test
  void anObjectSurvivesARoundTripAndIsGivenItsDefaults() {
    TestJob written = apply(JOB.formatted("trip", namespace, 3), TestJob.class);

    TestJob read = client.resources(TestJob.class).inNamespace(namespace).withName("trip").get();

    assertThat(read.getSpec()).isEqualTo(written.getSpec());
    assertThat(read.getSpec().matrix().repetitions()).isEqualTo(3);
    assertThat(read.getSpec().backoffLimitPerIndex()).isEqualTo(2);
    assertThat(read.getSpec().run().timeout()).isEqualTo("60s");
    client.resource(read).update();
    assertThat(client.resource(read).get().getMetadata().getGeneration()).isEqualTo(1);
  }

  @Test
  void unknownFieldsArePruned() {
    cluster.kubectlWithInput(
        POOL.formatted("pruned", namespace).replace("replicas: 2", "replicas: 2, colour: red"),
        "apply",
        "--validate=false",
        "-f",
        "-");

    assertThat(
            cluster
                .kubectl("get", "bpool", "pruned", "-n", namespace, "-o", "jsonpath={.spec}")
                .out())
        .contains("\"browser\":\"chrome\"")
        .doesNotContain("colour");
  }

  @Test
  void theMatrixOfAStartedJobCannotChange() {
    apply(JOB.formatted("started", namespace, 3), TestJob.class);
    // Before its start it may.
    TestJob job = apply(JOB.formatted("started", namespace, 4), TestJob.class);
    startedBy(job, 1);

    assertThatThrownBy(() -> apply(JOB.formatted("started", namespace, 5), TestJob.class))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining(
            "spec.matrix and spec.page cannot change once the job has started; submit the change"
                + " as a new job");
    // The same again is no change.
    assertThat(apply(JOB.formatted("started", namespace, 4), TestJob.class)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run: {timeout: 90s}",
        "requirements: {memory: 1Gi}",
        "weight: 7",
        "backoffLimitPerIndex: 0",
        "poolSelector: {matchLabels: {a: b}}",
        "maxFailedIndexes: 3",
        "activeDeadlineSeconds: 60",
        "fallbackBackends: [wasm]"
      })
  void whatATakenJobWasTakenWithCannotChange(String change) {
    String name = "taken-" + change.substring(0, change.indexOf(':')).toLowerCase(Locale.ROOT);
    String manifest = JOB.formatted(name, namespace, 3);
    TestJob job = apply(manifest, TestJob.class);
    patchStatus(job, "{\"phase\": \"Pending\"}");

    assertThatThrownBy(() -> apply(manifest + "  " + change + "\n", TestJob.class))
        .hasMessageContaining(
            "only suspend, priority, parallelism and ttlSecondsAfterFinished of spec can change"
                + " once Ballast has taken the job");

    assertThat(
            apply(
                manifest
                    + "  suspend: true\n  priority: 3\n  parallelism: 2\n"
                    + "  ttlSecondsAfterFinished: 60\n",
                TestJob.class))
        .isNotNull();
  }

  /** An index names the same task for ever: where they come in the file tells which. */
  @Test
  void theModelsOfATakenJobKeepTheirOrder() {
    String vad = "{name: vad, family: audio, source: \"builtin:silero-vad\"}";
    String cls = "{name: cls, family: vision, source: \"builtin:ppocr-cls\"}";
    String manifest = JOB.formatted("ordered", namespace, 3);
    TestJob job = apply(manifest.replace(vad, vad + ", " + cls), TestJob.class);
    patchStatus(job, "{\"phase\": \"Pending\"}");

    assertThatThrownBy(() -> replace(manifest.replace(vad, cls + ", " + vad)))
        .hasMessageContaining("once Ballast has taken the job");
    replace(manifest.replace(vad, vad + ", " + cls) + "  priority: 1\n");
  }

  private void replace(String manifest) {
    TestJob job = client.getKubernetesSerialization().unmarshal(manifest, TestJob.class);
    client.resource(job).update();
  }

  @Test
  void aStatusOfAnOlderReignIsRefused() {
    TestJob job = apply(JOB.formatted("fenced", namespace, 1), TestJob.class);
    startedBy(job, 7);

    assertThatThrownBy(() -> startedBy(job, 6))
        .hasMessageContaining("another controller has taken over");
    startedBy(job, 7);
    startedBy(job, 8);
  }

  @Test
  void aPoolIsScaledThroughTheSubresourceAutoscalersUse() {
    BrowserPool pool = apply(POOL.formatted("scaled", namespace), BrowserPool.class);
    patchStatus(pool, "{\"replicas\": 2, \"selector\": \"ballast.dev/pool=scaled\"}");

    TestingCluster.Output output =
        cluster.kubectl("scale", "bpool", "scaled", "--replicas=5", "-n", namespace);

    assertThat(output.all()).contains("browserpool.ballast.dev/scaled scaled");
    var resource = client.resources(BrowserPool.class).inNamespace(namespace).withName("scaled");
    assertThat(resource.get().getSpec().replicas()).isEqualTo(5);
    // As the HorizontalPodAutoscaler and KEDA do it.
    resource.scale(6);
    assertThat(resource.get().getSpec().replicas()).isEqualTo(6);
    assertThat(
            cluster
                .kubectl(
                    "get",
                    "--raw",
                    "/apis/ballast.dev/v1alpha1/namespaces/%s/browserpools/scaled/scale"
                        .formatted(namespace))
                .out())
        .contains("\"selector\":\"ballast.dev/pool=scaled\"")
        .contains("\"status\":{\"replicas\":2");
  }

  @Test
  void theColumnsAnswerIsItFine() {
    TestJob job = apply(JOB.formatted("shown", namespace, 1), TestJob.class);
    startedBy(job, 1);
    apply(POOL.formatted("shown", namespace), BrowserPool.class);

    assertThat(cluster.kubectl("get", "tj", "-n", namespace).out())
        .containsPattern("NAME +STATUS +PROGRESS +FAILED +UNPLACEABLE +AGE")
        .containsPattern("shown +Running +0/1");
    assertThat(cluster.kubectl("get", "bpool", "-n", namespace).out())
        .containsPattern(
            "NAME +BROWSER +WORKERS +READY +BUSY +SLOTS +QUEUED +UTILIZATION +BREAKER +AGE");
    assertThat(cluster.kubectl("get", "ballast", "-n", namespace).out())
        .contains("testjob.ballast.dev/shown", "browserpool.ballast.dev/shown");
  }

  @Test
  void explainTeaches() {
    assertThat(cluster.kubectl("explain", "tj").out())
        .contains("A test job: models, on backends, in browsers");
    assertThat(cluster.kubectl("explain", "bpool.spec.autoscaling").out())
        .contains("Whether and how Ballast sets the number of workers", "targetUtilization");
  }

  @Test
  void twoAppliersOwnDifferentModelsOfOneJob() {
    String one = JOB.formatted("shared", namespace, 1);
    String other = one.replace("name: vad,", "name: cls,").replace("      repetitions: 1\n", "");
    cluster.kubectlWithInput(one, "apply", "--server-side", "--field-manager=one", "-f", "-");

    TestingCluster.Output output =
        cluster.kubectlWithInput(
            other, "apply", "--server-side", "--field-manager=other", "-f", "-");

    assertThat(output.exitCode()).as(output.all()).isZero();
    assertThat(
            client
                .resources(TestJob.class)
                .inNamespace(namespace)
                .withName("shared")
                .get()
                .getSpec()
                .matrix()
                .models())
        .extracting(ModelEntry::name)
        .isEqualTo(List.of("vad", "cls"));
  }

  private <T extends HasMetadata> T apply(String manifest, Class<T> type) {
    T resource = client.getKubernetesSerialization().unmarshal(manifest, type);
    return client.resource(resource).forceConflicts().serverSideApply();
  }

  private void startedBy(TestJob job, long epoch) {
    patchStatus(
        job,
        """
        {"phase": "Running", "progress": "0/1", "startTime": "2026-01-01T00:00:00Z", "epoch": %d}
        """
            .formatted(epoch));
  }

  private void patchStatus(HasMetadata resource, String status) {
    client
        .resource(resource)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\": %s}".formatted(status));
  }
}
