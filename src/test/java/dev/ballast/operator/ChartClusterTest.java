package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart renders is what a real API server takes; Helm runs in process. */
class ChartClusterTest {
  private static final Path CHART = Path.of("helm", "ballast");

  private static final TestingCluster CLUSTER = TestingCluster.shared();
  private static final KubernetesClient ADMINISTRATOR = CLUSTER.client();

  /** The kinds of the Prometheus Operator, as open as can be: their fields are not looked at. */
  @BeforeAll
  static void monitoringKinds() {
    for (String kind : List.of("ServiceMonitor", "PrometheusRule")) {
      CLUSTER.openKind("monitoring.coreos.com", "v1", kind);
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void theApiServerTakesWhatItRenders(Path values) {
    String namespace = CLUSTER.newNamespace();
    String rendered =
        new Helm(CHART)
            .template()
            .withKubeVersion("1.36.3")
            .withName("trial")
            .withNamespace(namespace)
            .withValuesFile(values)
            .call();

    TestingCluster.Output applied =
        CLUSTER.kubectlWithInput(
            rendered, "apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-");

    assertThat(applied.exitCode()).as(applied.all()).isZero();
    assertThat(applied.err()).isEmpty();
  }

  @Test
  void itIsInstalledUpgradedAndTakenAway() {
    String namespace = CLUSTER.newNamespace();
    new Helm(CHART)
        .install()
        .withName("trial")
        .withNamespace(namespace)
        .withKubeConfig(CLUSTER.kubeconfig())
        .call();
    await().untilAsserted(() -> assertThat(controller(namespace)).isNotNull());
    assertThat(controller(namespace).getSpec().getContainers().getFirst().getArgs())
        .contains("--namespace=" + namespace, "--lease=trial-ballast");

    runItsTest(namespace);

    new Helm(CHART)
        .upgrade()
        .withName("trial")
        .withNamespace(namespace)
        .withKubeConfig(CLUSTER.kubeconfig())
        .set("podLabels.team", "ml")
        .call();
    assertThat(
            ADMINISTRATOR
                .apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("trial-ballast")
                .get()
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels())
        .containsEntry("team", "ml");

    Helm.uninstall("trial").withNamespace(namespace).withKubeConfig(CLUSTER.kubeconfig()).call();
    assertThat(ADMINISTRATOR.apps().statefulSets().inNamespace(namespace).list().getItems())
        .isEmpty();
    assertThat(ADMINISTRATOR.rbac().clusterRoles().list().getItems())
        .noneMatch(role -> role.getMetadata().getName().startsWith("trial-ballast"));
    // Pools and jobs outlive it.
    assertThat(CLUSTER.kubectl("get", "crd", "testjobs.ballast.dev").exitCode()).isZero();
  }

  /** Runs the chart's own test; that its container ends well is played, as nodes are. */
  private static void runItsTest(String namespace) {
    try (SharedIndexInformer<Pod> played =
        ADMINISTRATOR.pods().inNamespace(namespace).inform(new EndsWell())) {
      assertThat(played).isNotNull();
      assertThat(
              Helm.test("trial")
                  .withNamespace(namespace)
                  .withKubeConfig(CLUSTER.kubeconfig())
                  .withTimeout(20)
                  .call()
                  .getName())
          .isEqualTo("trial");
    }
  }

  private static final class EndsWell implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      if (pod.getMetadata().getName().equals("trial-ballast-ready")) {
        ADMINISTRATOR
            .resource(pod)
            .subresource("status")
            .patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE),
                "{\"status\": {\"phase\": \"Succeeded\"}}");
      }
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      // It has ended already.
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      // Helm clears up.
    }
  }

  @Test
  void itsRightsAreThoseOfTheManifests() throws IOException {
    String rendered = new Helm(CHART).template().withKubeVersion("1.36.3").withName("trial").call();
    List<HasMetadata> shipped = load(Files.readString(Path.of("k8s/base/role.yaml")));

    assertThat(rules(load(rendered), "trial-ballast"))
        .isEqualTo(rules(shipped, "ballast-controller"));
    assertThat(rules(load(rendered), "trial-ballast-home"))
        .isEqualTo(rules(shipped, "ballast-controller-home"));
  }

  private static Pod controller(String namespace) {
    return ADMINISTRATOR.pods().inNamespace(namespace).withName("trial-ballast-0").get();
  }

  private static List<HasMetadata> load(String manifests) {
    return ADMINISTRATOR
        .load(new ByteArrayInputStream(manifests.getBytes(StandardCharsets.UTF_8)))
        .items();
  }

  private static List<PolicyRule> rules(List<HasMetadata> manifests, String role) {
    return manifests.stream()
        .filter(Role.class::isInstance)
        .map(Role.class::cast)
        .filter(found -> found.getMetadata().getName().equals(role))
        .findFirst()
        .orElseThrow()
        .getRules();
  }

  static List<Path> valueSets() {
    try (Stream<Path> files = Files.list(CHART.resolve("ci"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
