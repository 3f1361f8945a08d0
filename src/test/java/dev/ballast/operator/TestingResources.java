package dev.ballast.operator;

import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.TestJob;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** Pools and jobs of one namespace, written as a user writes them. */
final class TestingResources {
  private final KubernetesClient client;
  private final String namespace;

  TestingResources(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** {@code spec} as YAML in one piece. */
  BrowserPool pool(String name, String spec) {
    return apply("BrowserPool", name, spec, BrowserPool.class);
  }

  BrowserPool pool(String name) {
    return client.resources(BrowserPool.class).inNamespace(namespace).withName(name).get();
  }

  TestJob job(String name, int repetitions) {
    return jobOf(
        name,
        "{matrix: {models: [{name: vad, family: audio, source: \"builtin:silero-vad\"}], repetitions: %d}}"
            .formatted(repetitions));
  }

  TestJob jobOf(String name, String spec) {
    return apply("TestJob", name, spec, TestJob.class);
  }

  TestJob job(String name) {
    return client.resources(TestJob.class).inNamespace(namespace).withName(name).get();
  }

  void deleteJob(String name) {
    client.resources(TestJob.class).inNamespace(namespace).withName(name).delete();
  }

  void podStatus(String pod, String status) {
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod)
        .subresource("status")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"status\": %s}".formatted(status));
  }

  /** So that the controllers of later tests do not see them. */
  void deleteAll() {
    client.resources(TestJob.class).inNamespace(namespace).delete();
    client.resources(BrowserPool.class).inNamespace(namespace).delete();
  }

  private <T extends io.fabric8.kubernetes.api.model.HasMetadata> T apply(
      String kind, String name, String spec, Class<T> type) {
    String manifest =
        """
        apiVersion: ballast.dev/v1alpha1
        kind: %s
        metadata: {name: %s, namespace: %s}
        spec: %s
        """
            .formatted(kind, name, namespace, spec);
    return client
        .resource(client.getKubernetesSerialization().unmarshal(manifest, type))
        .forceConflicts()
        .serverSideApply();
  }
}
