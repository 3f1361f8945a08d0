package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.server.door.Guard;
import dev.ballast.server.door.TestingClock;
import dev.ballast.server.door.cluster.ClusterGuard;
import dev.ballast.server.door.cluster.Reviews;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who a real API server says somebody is, and what we make of it. */
class GuardClusterTest {
  private static final TestingCluster CLUSTER = TestingCluster.shared();
  private static final KubernetesClient ADMINISTRATOR = CLUSTER.client();
  private static String home;
  private static String elsewhere;

  private final TestingClock clock = new TestingClock(Instant.now());
  private final ClusterGuard guard = new ClusterGuard(ADMINISTRATOR, new Reviews(), clock);

  @BeforeAll
  static void prepare() {
    home = CLUSTER.newNamespace();
    elsewhere = CLUSTER.newNamespace();
    for (String name : new String[] {"viewer", "editor", "nobody"}) {
      ADMINISTRATOR
          .resource(
              new ServiceAccountBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .withNamespace(home)
                  .endMetadata()
                  .build())
          .create();
    }
    CLUSTER.kubectl("apply", "--server-side", "--force-conflicts", "-f", "k8s/base/people.yaml");
    // The roles that are aggregated are made by the controller manager, after those they are made
    // of.
    CLUSTER.kubectl(
        "create",
        "clusterrole",
        "looks-on-" + home,
        "--verb=get,list,watch",
        "--resource=testjobs.ballast.dev,browserpools.ballast.dev");
    CLUSTER.kubectl(
        "create",
        "clusterrole",
        "acts-" + home,
        "--verb=get,list,create,patch,delete",
        "--resource=testjobs.ballast.dev");
    bind("viewer", "looks-on-" + home);
    bind("editor", "acts-" + home);
  }

  private static void bind(String account, String role) {
    ADMINISTRATOR
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(account)
                .withNamespace(home)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject("", "ServiceAccount", account, home)
                .build())
        .create();
  }

  private Pod pod;
  private String id;

  @BeforeEach
  void aPod() {
    pod =
        ADMINISTRATOR
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withGenerateName("worker-")
                    .withNamespace(home)
                    .endMetadata()
                    .withNewSpec()
                    .withServiceAccountName("nobody")
                    .addNewContainer()
                    .withName("agent")
                    .withImage("none")
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    id = pod.getMetadata().getName() + "." + home;
  }

  private static String token(String account, Optional<Pod> pod, String... audiences) {
    TokenRequestBuilder request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(3600L)
            .withAudiences(audiences)
            .endSpec();
    pod.ifPresent(of ->
        request
            .editSpec()
            .withNewBoundObjectRef()
            .withKind("Pod")
            .withApiVersion("v1")
            .withName(of.getMetadata().getName())
            .withUid(of.getMetadata().getUid())
            .endBoundObjectRef()
            .endSpec());
    return ADMINISTRATOR
        .serviceAccounts()
        .inNamespace(home)
        .withName(account)
        .tokenRequest(request.build())
        .getStatus()
        .getToken();
  }

  private String workersToken() {
    return token("nobody", Optional.of(pod), ClusterGuard.AUDIENCE);
  }

  private String refused(String method, String path, String token) {
    return guard
        .check(method, path, Optional.of(token))
        .map(refusal -> refusal.status() + " " + refusal.type())
        .orElse("passes");
  }

  private String sync(String worker, String token) {
    return refused("POST", "/api/v1/workers/%s/sync".formatted(worker), token);
  }

  @Test
  void aWorkerSpeaksForItsOwnPodOnly() {
    assertThat(sync(id, workersToken())).isEqualTo("passes");
    assertThat(sync("worker-other." + home, workersToken())).isEqualTo("403 not-that-worker");
    assertThat(sync(pod.getMetadata().getName() + "." + elsewhere, workersToken()))
        .isEqualTo("403 not-that-worker");
    assertThat(sync(pod.getMetadata().getName() + "%252e" + home, workersToken()))
        .isEqualTo("403 not-that-worker");
    assertThat(sync(id, token("nobody", Optional.empty(), ClusterGuard.AUDIENCE)))
        .as("a token of no pod")
        .isEqualTo("403 not-that-worker");
  }

  @Test
  void aTokenForSomebodyElseIsNone() {
    assertThat(guard.check("POST", "/api/v1/workers/" + id + "/sync", Optional.empty()))
        .map(Guard.Refusal::type)
        .contains("no-token");
    assertThat(sync(id, token("nobody", Optional.of(pod)))).isEqualTo("401 bad-token");
    assertThat(sync(id, token("nobody", Optional.of(pod), "vault"))).isEqualTo("401 bad-token");
    assertThat(refused("GET", "/api/v1/jobs", workersToken()))
        .as("a worker's token opens nothing else")
        .isEqualTo("401 bad-token");
    assertThat(sync(id, "forged")).isEqualTo("401 bad-token");
    String real = workersToken();
    assertThat(sync(id, real.substring(0, real.length() - 6) + "AAAAAA"))
        .isEqualTo("401 bad-token");
  }

  @Test
  void anExpiredTokenIsNone() throws Exception {
    String real = workersToken();
    // The API server makes none that holds for less than ten minutes, so we sign with its key. It
    // forgives clocks that differ by a minute.
    assertThat(sync(id, CLUSTER.resigned(real, Duration.ofMinutes(5)))).isEqualTo("passes");
    assertThat(sync(id, CLUSTER.resigned(real, Duration.ofMinutes(-2)))).isEqualTo("401 bad-token");
  }

  @Test
  void theTokenOfAPodThatIsGoneIsNone() {
    String token = workersToken();
    assertThat(sync(id, token)).isEqualTo("passes");

    ADMINISTRATOR.resource(pod).withGracePeriod(0).delete();
    await()
        .untilAsserted(() -> {
          clock.pass(ClusterGuard.WORKERS_REMEMBERED); // what was answered holds no longer
          assertThat(sync(id, token)).isEqualTo("401 bad-token");
        });
  }

  @Test
  void whoMayReadJobsWithKubectlMayReadThemHere() {
    String viewer = token("viewer", Optional.empty());
    String editor = token("editor", Optional.empty());
    String jobs = "/api/v1/namespaces/%s/jobs".formatted(home);
    String others = "/api/v1/namespaces/%s/jobs".formatted(elsewhere);

    assertThat(refused("GET", jobs, viewer)).isEqualTo("passes");
    assertThat(refused("GET", jobs + "/x/results", viewer)).isEqualTo("passes");
    assertThat(refused("GET", "/api/v1/namespaces/%s/events".formatted(home), viewer))
        .isEqualTo("passes");
    assertThat(refused("GET", "/api/v1/namespaces/%s/pools".formatted(home), viewer))
        .isEqualTo("passes");
    assertThat(refused("GET", "/", viewer)).isEqualTo("passes");
    for (String[] denied :
        new String[][] {
          {"POST", jobs},
          {"DELETE", jobs + "/x"},
          {"PATCH", jobs + "/x"},
          {"GET", others},
          {"GET", "/api/v1/jobs"},
          {"GET", "/api/v1/events"},
          {"GET", "/api/v1/workers"},
          {"GET", "/api/v1/profiles"},
          {"POST", "/api/v1/score"},
          {"POST", "/api/v1/workers/%s/drain".formatted(id)},
        }) {
      assertThat(refused(denied[0], denied[1], viewer))
          .as(denied[0] + " " + denied[1])
          .isEqualTo("403 forbidden");
    }
    assertThat(refused("POST", jobs, editor)).isEqualTo("passes");
    assertThat(refused("DELETE", jobs + "/x", editor)).isEqualTo("passes");
    assertThat(refused("PATCH", jobs + "/x", editor)).isEqualTo("passes");
    assertThat(refused("POST", others, editor)).isEqualTo("403 forbidden");
    assertThat(refused("GET", jobs, token("nobody", Optional.empty()))).isEqualTo("403 forbidden");
    assertThat(guard.check("GET", jobs, Optional.of(viewer))).isEmpty();
    assertThat(guard.check("GET", others, Optional.of(viewer)).orElseThrow().message())
        .contains("system:serviceaccount:%s:viewer may not list testjobs".formatted(home))
        .doesNotContain(viewer);
  }

  @Test
  void whatIsTakenAwayInTheClusterIsTakenAwayHereWithinTenSeconds() {
    ADMINISTRATOR
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("guest")
                .withNamespace(home)
                .endMetadata()
                .build())
        .create();
    bind("guest", "looks-on-" + home);
    String guest = token("guest", Optional.empty());
    String jobs = "/api/v1/namespaces/%s/jobs".formatted(home);
    await()
        .untilAsserted(() -> {
          clock.pass(Duration.ofSeconds(10));
          assertThat(refused("GET", jobs, guest)).isEqualTo("passes");
        });

    ADMINISTRATOR.rbac().roleBindings().inNamespace(home).withName("guest").delete();

    await()
        .untilAsserted(() -> {
          clock.pass(Duration.ofSeconds(10));
          assertThat(refused("GET", jobs, guest)).isEqualTo("403 forbidden");
        });
  }
}
