package dev.ballast.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import dev.ballast.operator.TestingCluster;
import dev.ballast.operator.resource.BrowserPool;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the chart's values say of workers, in the pods that are made of it, taken by the server. */
class WorkerTemplateClusterTest {
  private static final KubernetesClient CLIENT = TestingCluster.shared().client();

  private static JsonNode template(String values) {
    String rendered =
        new Helm(Path.of("helm", "ballast"))
            .template()
            .withKubeVersion("1.36.3")
            .withName("trial")
            .withValuesFile(Path.of("helm", "ballast", "ci", values))
            .call();
    String text =
        CLIENT
            .load(new ByteArrayInputStream(rendered.getBytes(StandardCharsets.UTF_8)))
            .items()
            .stream()
            .filter(ConfigMap.class::isInstance)
            .map(ConfigMap.class::cast)
            .map(map -> map.getData().get("worker-template.yaml"))
            .findFirst()
            .orElseThrow();
    return new ObjectMapper()
        .valueToTree(CLIENT.getKubernetesSerialization().unmarshal(text, Map.class));
  }

  private static Pod pod(String namespace, String spec, Optional<JsonNode> template) {
    BrowserPool pool =
        CLIENT
            .getKubernetesSerialization()
            .unmarshal(
                """
                apiVersion: ballast.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: pool, namespace: %s, uid: 0-0, labels: {ballast.dev/namespace: another, team: a}}
                spec: %s
                """
                    .formatted(namespace, spec),
                BrowserPool.class);
    Pod made =
        PodBlueprint.of(
                pool,
                new WorkerPods(
                    "ballast:test",
                    URI.create("http://controller:7878"),
                    BrowserImages.DEFAULTS,
                    template))
            .pod("pool-0");
    HasMetadata taken = CLIENT.resource(made).dryRun(true).create();
    return (Pod) taken;
  }

  private static <T> Map<String, T> by(Iterable<T> all, Function<T, String> name) {
    return java.util.stream.StreamSupport.stream(all.spliterator(), false)
        .collect(Collectors.toMap(name, Function.identity()));
  }

  @Test
  void theAgentSeesItsBrowserAndNothingElseIsOpen() {
    String namespace = TestingCluster.shared().newNamespace();
    Pod pod = pod(namespace, "{browser: chrome, slots: 2, drainTimeout: 5m}", Optional.empty());

    PodSpec spec = pod.getSpec();
    assertThat(spec.getShareProcessNamespace()).isTrue();
    assertThat(spec.getAutomountServiceAccountToken()).isFalse();
    assertThat(spec.getTerminationGracePeriodSeconds()).isEqualTo(5 * 60 + 30);
    assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    Container agent = spec.getContainers().getFirst();
    Container browser = spec.getInitContainers().getFirst();
    // A sidecar: there before the agent, and ended after it.
    assertThat(browser.getRestartPolicy()).isEqualTo("Always");
    for (Container container : List.of(agent, browser)) {
      assertThat(container.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
      assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
      assertThat(container.getResources().getLimits()).containsKey("memory");
    }
    assertThat(agent.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(agent.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health/ready");
    assertThat(agent.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
    assertThat(agent.getStartupProbe().getHttpGet().getPath()).isEqualTo("/health/started");
    Map<String, Volume> volumes = by(spec.getVolumes(), Volume::getName);
    Map<String, VolumeMount> mounts = by(agent.getVolumeMounts(), VolumeMount::getMountPath);
    for (String writable : List.of("/data", "/tmp")) {
      assertThat(volumes.get(mounts.get(writable).getName()).getEmptyDir()).isNotNull();
    }
    assertThat(volumes.get("shm").getEmptyDir().getMedium()).isEqualTo("Memory");
    assertThat(by(browser.getVolumeMounts(), VolumeMount::getMountPath)).containsKey("/dev/shm");
    assertThat(
            volumes
                .get("token")
                .getProjected()
                .getSources()
                .getFirst()
                .getServiceAccountToken()
                .getAudience())
        .isEqualTo("ballast");
  }

  /** The agent's own limit is small; what models may take is the browser's. */
  @Test
  void theAgentIsToldWhatMemoryTheBrowserMayUse() {
    String namespace = TestingCluster.shared().newNamespace();
    Container agent =
        pod(namespace, "{browser: chrome}", Optional.empty()).getSpec().getContainers().getFirst();

    var told = by(agent.getEnv(), EnvVar::getName).get("BROWSER_MEMORY").getValueFrom();
    assertThat(told.getResourceFieldRef().getContainerName()).isEqualTo("browser");
    assertThat(told.getResourceFieldRef().getResource()).isEqualTo("limits.memory");
    assertThat(agent.getArgs()).contains("--browser-memory=$(BROWSER_MEMORY)");
  }

  @Test
  void theValuesOfTheChartReachAgentAndBrowser() {
    String namespace = TestingCluster.shared().newNamespace();
    Pod pod = pod(namespace, "{browser: chrome}", Optional.of(template("own-registry.yaml")));

    Container agent = pod.getSpec().getContainers().getFirst();
    Container browser = pod.getSpec().getInitContainers().getFirst();
    Map<String, EnvVar> environment = by(agent.getEnv(), EnvVar::getName);
    assertThat(pod.getSpec().getContainers()).hasSize(1);
    assertThat(agent.getImagePullPolicy()).isEqualTo("Always");
    assertThat(environment.get("HTTPS_PROXY").getValue())
        .isEqualTo("http://proxy.example.com:3128");
    assertThat(environment.get("NO_PROXY").getValue())
        .isEqualTo("localhost,127.0.0.1,.svc,.cluster.local,.example.com");
    assertThat(environment)
        .containsKeys("POD_NAME", "BALLAST_MODELS_ALLOWED_NETWORKS", "BALLAST_MODELS_CA_FILE")
        .doesNotContainKey("HTTP_PROXY");
    assertThat(by(browser.getEnv(), EnvVar::getName))
        .containsKeys("HTTPS_PROXY", "NO_PROXY", "SE_NODE_MAX_SESSIONS")
        .doesNotContainKey("BALLAST_MODELS_CA_FILE");
    Map<String, Volume> volumes = by(pod.getSpec().getVolumes(), Volume::getName);
    assertThat(volumes.get("models").getHostPath().getPath()).isEqualTo("/var/cache/ballast");
    assertThat(volumes.get("extra-cas").getConfigMap().getName()).isEqualTo("company-cas");
    assertThat(by(agent.getVolumeMounts(), VolumeMount::getMountPath))
        .containsKeys("/data", "/data/models", "/etc/ballast-cas", "/tmp");
  }

  @Test
  void aPoolSaysHowItsImagesArePulled() {
    String namespace = TestingCluster.shared().newNamespace();
    Pod pod =
        pod(
            namespace,
            "{browser: chrome, image: registry.example.com/browser:1, imagePullPolicy: Always,"
                + " imagePullSecrets: [{name: registry}, {name: team}]}",
            Optional.of(template("own-registry.yaml")));

    assertThat(pod.getSpec().getInitContainers().getFirst().getImagePullPolicy())
        .isEqualTo("Always");
    // Those of the chart are for its own images, and "registry" is in both.
    assertThat(pod.getSpec().getImagePullSecrets())
        .extracting(LocalObjectReference::getName)
        .containsExactly("registry", "team");
  }

  @Test
  void theSecretOfAPoolIsGivenToItsAgentAlone() {
    String namespace = TestingCluster.shared().newNamespace();
    Pod pod =
        pod(
            namespace,
            "{browser: chrome, modelCredentials: {secretRef: {name: models}}}",
            Optional.empty());

    Container agent = pod.getSpec().getContainers().getFirst();
    VolumeMount mount = by(agent.getVolumeMounts(), VolumeMount::getName).get("model-credentials");
    assertThat(mount.getReadOnly()).isTrue();
    assertThat(by(agent.getEnv(), EnvVar::getName).get("BALLAST_MODELS_CREDENTIALS").getValue())
        .isEqualTo(mount.getMountPath());
    assertThat(
            by(pod.getSpec().getVolumes(), Volume::getName)
                .get("model-credentials")
                .getSecret()
                .getSecretName())
        .isEqualTo("models");
    assertThat(pod.getSpec().getInitContainers().getFirst().getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactly("shm");
  }

  @Test
  void aPoolCannotPassForOneOfAnotherNamespace() {
    String namespace = TestingCluster.shared().newNamespace();
    Pod pod = pod(namespace, "{browser: chrome}", Optional.empty());

    assertThat(pod.getSpec().getContainers().getFirst().getArgs())
        .contains("--label=ballast.dev/namespace=" + namespace, "--label=team=a")
        .doesNotContain("--label=ballast.dev/namespace=another");
  }
}
