package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.operator.TestingController.Permission;
import dev.ballast.operator.resource.Labels;
import dev.ballast.server.door.Guard;
import dev.ballast.server.door.cluster.ClusterGuard;
import dev.ballast.server.door.cluster.Reviews;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code kubectl apply -k k8s/} installs: the API server takes it, the controller's pod passes
 * its admission, and its account may do what the controller does and nothing else.
 */
class InstallClusterTest {
  private static final String HOME = "ballast";
  private static final String ACCOUNT = "system:serviceaccount:ballast:ballast-controller";

  private static final TestingCluster CLUSTER = TestingCluster.shared();
  private static final KubernetesClient ADMINISTRATOR = CLUSTER.client();

  @BeforeAll
  static void install() {
    TestingCluster.Output applied =
        CLUSTER.kubectl(
            "apply", "--server-side", "--force-conflicts", "--validate=strict", "-k", "k8s");
    assertThat(applied.exitCode()).as(applied.all()).isZero();
    // A warning is what Pod Security says of a pod that it would refuse.
    assertThat(applied.err()).isEmpty();
  }

  /** The definitions stay: the other tests need them. */
  @AfterAll
  static void uninstall() {
    ADMINISTRATOR.namespaces().withName(HOME).delete();
  }

  @Test
  void theControllersPodIsAdmittedIntoANamespaceThatEnforcesRestricted() {
    await()
        .untilAsserted(() -> {
          Pod pod = ADMINISTRATOR.pods().inNamespace(HOME).withName("ballast-controller-0").get();
          assertThat(pod).isNotNull();
          assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("ballast-controller");
        });
    assertThat(
            ADMINISTRATOR
                .persistentVolumeClaims()
                .inNamespace(HOME)
                .withName("data-ballast-controller-0")
                .get())
        .isNotNull();
  }

  @Test
  void theWholeFlowRunsWithTheRightsThatAreShippedAndNeedsEachOfThem() {
    TestingJournal journal = new TestingJournal();
    TestingResources resources = new TestingResources(ADMINISTRATOR, HOME);
    Set<Permission> used;
    try (TestingController controller =
            new TestingController(controllersConfig(), journal, 1, HOME);
        TestingKubelet kubelet = new TestingKubelet(ADMINISTRATOR, HOME, controller::dispatch);
        Leadership leadership =
            Leadership.stand(controller.client(), HOME, "ballast-controller", Candidate.of("me"))) {
      leadership.won().orTimeout(60, TimeUnit.SECONDS).join();
      assertThat(controller.client().pods().inNamespace(HOME).withName("none").get()).isNull();
      resources.pool("chrome", "{browser: chrome, replicas: 2}");
      resources.jobOf(
          "flow",
          "{ttlSecondsAfterFinished: 1, matrix: {models: [{name: vad, family: audio, source:"
              + " \"builtin:silero-vad\"}], repetitions: 4}}");
      // It completes, and is deleted when its time is over.
      await().untilAsserted(() -> assertThat(resources.job("flow")).isNull());
      judgeCallers(new ClusterGuard(controller.client(), new Reviews(), InstantSource.system()));
      controller.outlook().update(HOME + "/chrome", AutoscalingClusterTest.asking(1));
      resources.pool(
          "chrome",
          "{browser: chrome, replicas: 2, autoscaling: {mode: Auto, scaleDownStabilization: 0s}}");
      await()
          .untilAsserted(
              () -> assertThat(resources.pool("chrome").getStatus().replicas()).isEqualTo(1));
      await()
          .untilAsserted(() ->
              assertThat(CLUSTER.kubectl("get", "events.events.k8s.io", "-n", HOME).out())
                  .contains("Draining"));
      used = controller.used();
      resources.deleteAll();
      await()
          .untilAsserted(() ->
              assertThat(
                      ADMINISTRATOR
                          .pods()
                          .inNamespace(HOME)
                          .withLabel(Labels.POOL)
                          .list()
                          .getItems())
                  .isEmpty());
    }

    assertThat(text(granted(controllersConfig(), HOME))).isEqualTo(text(used));
  }

  @Test
  void elsewhereTheControllerMayOnlyAskWhoSomebodyIs() {
    assertThat(text(granted(controllersConfig(), "default")))
        .containsExactly(
            "create authentication.k8s.io/tokenreviews",
            "create authorization.k8s.io/subjectaccessreviews");
  }

  @ParameterizedTest
  @CsvSource({
    "get, secrets",
    "list, configmaps",
    "create, pods --subresource=exec",
    "create, serviceaccounts --subresource=token",
    "update, browserpools.ballast.dev",
    "patch, testjobs.ballast.dev",
    "create, testjobs.ballast.dev",
    "create, roles.rbac.authorization.k8s.io",
    "delete, leases.coordination.k8s.io",
    "list, nodes",
    "impersonate, users"
  })
  void anythingMoreIsRefused(String verb, String resource) {
    List<String> question = new ArrayList<>(List.of("auth", "can-i", verb));
    question.addAll(Splitter.on(' ').splitToList(resource));
    question.addAll(List.of("-n", HOME, "--as=" + ACCOUNT));

    TestingCluster.Output asked = CLUSTER.kubectl(question.toArray(String[]::new));

    assertThat(asked.out()).startsWith("no");
  }

  /** It is mounted into no pod of theirs, and would open nothing. */
  @Test
  void theAccountOfTheWorkersMayDoNothing() {
    Config workers = CLUSTER.clientConfig();
    workers.setImpersonateUsername("system:serviceaccount:ballast:default");
    workers.setImpersonateGroups(
        "system:serviceaccounts", "system:serviceaccounts:ballast", "system:authenticated");

    assertThat(text(granted(workers, HOME))).isEmpty();
  }

  @Test
  void theRightsInAllNamespacesAreThoseInOne() throws IOException {
    assertThat(rules("k8s/all-namespaces/cluster-role.yaml"))
        .isEqualTo(rules("k8s/base/role.yaml"));
    TestingCluster.Output applied =
        CLUSTER.kubectl("apply", "--server-side", "--dry-run=server", "-k", "k8s/all-namespaces");
    assertThat(applied.exitCode()).as(applied.all()).isZero();
    assertThat(applied.out())
        .contains("clusterrolebinding")
        .doesNotContain("role/ballast-controller ");
  }

  @Test
  void whoMayEditANamespaceMayEditItsJobs() {
    Set<String> mayEdit =
        ADMINISTRATOR.rbac().clusterRoles().list().getItems().stream()
            .filter(role -> role.getMetadata().getLabels() != null)
            .filter(role ->
                "true"
                    .equals(
                        role.getMetadata()
                            .getLabels()
                            .get("rbac.authorization.k8s.io/aggregate-to-edit")))
            .filter(role -> role.getRules() != null)
            .flatMap(role -> role.getRules().stream())
            .filter(rule -> rule.getApiGroups().contains("ballast.dev"))
            .flatMap(rule -> rule.getVerbs().stream())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(mayEdit).contains("create", "delete", "patch", "get", "list", "watch");
  }

  /** The kind is KEDA's, as open as can be: its fields are not looked at. */
  @Test
  void theSampleForKedaIsAccepted() {
    CLUSTER.openKind("keda.sh", "v1alpha1", "ScaledObject");

    theExtrasAreAccepted("keda.yaml");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hpa.yaml", "gpu-pool.yaml", "quota.yaml"})
  void theExtrasAreAccepted(String file) {
    TestingCluster.Output applied =
        CLUSTER.kubectl(
            "apply", "--server-side", "--dry-run=server", "-n", HOME, "-f", "k8s/extras/" + file);

    assertThat(applied.exitCode()).as(applied.all()).isZero();
  }

  private static void judgeCallers(ClusterGuard guard) {
    Pod pod =
        ADMINISTRATOR
            .pods()
            .inNamespace(HOME)
            .withLabel(Labels.POOL, "chrome")
            .list()
            .getItems()
            .getFirst();
    String name = pod.getMetadata().getName();
    String workers = token(Optional.of(pod));
    assertThat(guard.check("POST", sync(name), Optional.of(workers))).isEmpty();
    assertThat(status(guard.check("POST", sync("another"), Optional.of(workers)))).isEqualTo(403);
    String jobs = "/api/v1/namespaces/ballast/jobs";
    assertThat(status(guard.check("GET", jobs, Optional.of("forged")))).isEqualTo(401);
    assertThat(status(guard.check("GET", jobs, Optional.of(token(Optional.empty())))))
        .isEqualTo(403);
  }

  private static String sync(String pod) {
    return "/api/v1/workers/%s.%s/sync".formatted(pod, HOME);
  }

  private static int status(Optional<Guard.Refusal> refusal) {
    return refusal.orElseThrow().status();
  }

  /** Of the account that the workers have; for a pod as a kubelet makes it, else as a person. */
  private static String token(Optional<Pod> pod) {
    TokenRequestBuilder request =
        new TokenRequestBuilder().withNewSpec().withExpirationSeconds(3600L).endSpec();
    pod.ifPresent(of ->
        request
            .editSpec()
            .withAudiences(ClusterGuard.AUDIENCE)
            .withNewBoundObjectRef()
            .withKind("Pod")
            .withApiVersion("v1")
            .withName(of.getMetadata().getName())
            .withUid(of.getMetadata().getUid())
            .endBoundObjectRef()
            .endSpec());
    return ADMINISTRATOR
        .serviceAccounts()
        .inNamespace(HOME)
        .withName("default")
        .tokenRequest(request.build())
        .getStatus()
        .getToken();
  }

  private static Config controllersConfig() {
    Config config = CLUSTER.clientConfig();
    config.setImpersonateUsername(ACCOUNT);
    config.setImpersonateGroups(
        "system:serviceaccounts", "system:serviceaccounts:ballast", "system:authenticated");
    return config;
  }

  /** What an account may do in a namespace beyond what everybody may. */
  private static Set<Permission> granted(Config config, String namespace) {
    Config nobody = CLUSTER.clientConfig();
    nobody.setImpersonateUsername("system:serviceaccount:ballast:nobody");
    nobody.setImpersonateGroups(
        "system:serviceaccounts", "system:serviceaccounts:ballast", "system:authenticated");
    Set<Permission> granted = rules(config, namespace);
    granted.removeAll(rules(nobody, namespace));
    return granted;
  }

  private static Set<Permission> rules(Config config, String namespace) {
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      List<ResourceRule> rules =
          client
              .resource(
                  new SelfSubjectRulesReviewBuilder()
                      .withNewSpec()
                      .withNamespace(namespace)
                      .endSpec()
                      .build())
              .create()
              .getStatus()
              .getResourceRules();
      Set<Permission> permissions = new LinkedHashSet<>();
      for (ResourceRule rule : rules) {
        for (String group : rule.getApiGroups()) {
          for (String resource : rule.getResources()) {
            rule.getVerbs().forEach(verb -> permissions.add(new Permission(group, resource, verb)));
          }
        }
      }
      return permissions;
    }
  }

  private static Set<String> text(Set<Permission> permissions) {
    return permissions.stream()
        .map(p -> "%s %s/%s".formatted(p.verb(), p.group(), p.resource()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The rules of the first document. */
  private static Object rules(String file) throws IOException {
    String first = Splitter.on("---\n").split(Files.readString(Path.of(file))).iterator().next();
    return ADMINISTRATOR
        .getKubernetesSerialization()
        .unmarshal(first, GenericKubernetesResource.class)
        .getAdditionalProperties()
        .get("rules");
  }
}
