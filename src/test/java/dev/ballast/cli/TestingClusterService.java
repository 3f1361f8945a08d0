package dev.ballast.cli;

import dev.ballast.TestingPatience;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.operator.ClusterOperator;
import dev.ballast.operator.OperatorSettings;
import dev.ballast.operator.TestingCluster;
import dev.ballast.operator.pool.BrowserImages;
import dev.ballast.operator.pool.WorkerPods;
import dev.ballast.operator.validation.JobTranslator;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.door.Door;
import dev.ballast.server.door.cluster.ClusterGuard;
import dev.ballast.server.door.cluster.Reviews;
import dev.ballast.server.jobs.cluster.ClusterJobs;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the controller's command wires, over a real API server that knows it by the ServiceAccount
 * and the roles of {@code k8s/base}; in a namespace of its own with its accounts.
 */
final class TestingClusterService implements AutoCloseable {
  private static final String ACCOUNT = "system:serviceaccount:ballast:ballast-controller";
  private static final TestingCluster CLUSTER = TestingCluster.shared();

  final String namespace;
  private final KubernetesClient own;
  private final ControllerService service;
  private final ClusterOperator operator;
  private final ClusterJobs jobs;
  private final Desk desk;
  private final Door door;

  TestingClusterService(Desk desk, Door door, Path data) {
    this.desk = desk;
    this.door = door;
    this.namespace = CLUSTER.newNamespace();
    kubectl("apply", "--server-side", "--force-conflicts", "-f", "k8s/base/reviewer.yaml");
    kubectl("apply", "-n", namespace, "-f", "k8s/base/role.yaml");
    this.own = new KubernetesClientBuilder().withConfig(ownConfig()).build();
    this.service = ControllerService.open(data, TestingPatience.SILENCE_ALLOWED, 1);
    this.operator =
        ClusterOperator.start(
            own,
            service.dispatch(),
            service.outlook(),
            new JobTranslator(List.of("silero-vad")),
            service.dispatch().epoch(),
            new OperatorSettings(
                Set.of(namespace),
                new WorkerPods(
                    "ballast:test",
                    URI.create("http://ballast-controller:7878"),
                    BrowserImages.DEFAULTS,
                    Optional.empty()),
                "test",
                DispatchSettings.DEFAULTS.lease(),
                Duration.ofMillis(500)));
    this.jobs = new ClusterJobs(own, operator.testJobs(), service.dispatch());
    desk.open(service.desk().withJobs(jobs));
    door.post(new ClusterGuard(own, new Reviews(), InstantSource.system()));
  }

  private static Config ownConfig() {
    Config config = CLUSTER.clientConfig();
    config.setImpersonateUsername(ACCOUNT);
    config.setImpersonateGroups(
        "system:serviceaccounts", "system:serviceaccounts:ballast", "system:authenticated");
    return config;
  }

  static TestingCluster.Output kubectl(String... arguments) {
    TestingCluster.Output output = CLUSTER.kubectl(arguments);
    if (output.exitCode() != 0) {
      throw new AssertionError(output.all());
    }
    return output;
  }

  /** A token of a new account that may do {@code verbs} with jobs, and look at pools. */
  String account(String name, String verbs) {
    CLUSTER
        .client()
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .create();
    kubectl(
        "create",
        "role",
        name,
        "-n",
        namespace,
        "--verb=" + verbs,
        "--resource=testjobs.ballast.dev");
    kubectl(
        "create",
        "role",
        name + "-pools",
        "-n",
        namespace,
        "--verb=get,list",
        "--resource=browserpools.ballast.dev");
    for (String role : List.of(name, name + "-pools")) {
      kubectl(
          "create",
          "rolebinding",
          role,
          "-n",
          namespace,
          "--role=" + role,
          "--serviceaccount=%s:%s".formatted(namespace, name));
    }
    return token(name);
  }

  String token(String account, String... audiences) {
    return CLUSTER
        .client()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(account)
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(3600L)
                .withAudiences(audiences)
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  @Override
  public void close() {
    door.dismiss();
    desk.close();
    jobs.close();
    operator.close();
    service.close();
    own.close();
  }
}
