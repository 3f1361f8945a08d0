package dev.ballast.operator;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real control plane without nodes: etcd, kube-apiserver and, where the binaries have one, a
 * controller manager for garbage collection and namespaces. One for all tests of a JVM; it ends
 * with the JVM. Its binaries are those that {@code bin/test} found or built.
 */
public final class TestingCluster {
  private static final Path FOLDER = Path.of("target", "cluster").toAbsolutePath();
  private static final String VERSION = "1.36.3";
  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  private static final class Shared {
    static final TestingCluster CLUSTER = new TestingCluster();
  }

  private final Path binaries;
  private final Path kubeconfig = FOLDER.resolve("kubeconfig.yaml");
  private final KubernetesClient client;

  /** What a command printed. */
  public record Output(int exitCode, String out, String err) {
    /** Both streams, for a failure's message. */
    public String all() {
      return out + err;
    }
  }

  public static TestingCluster shared() {
    return Shared.CLUSTER;
  }

  private TestingCluster() {
    // The timers of a controller that is closed, or killed, may still ring.
    org.awaitility.Awaitility.doNotCatchUncaughtExceptionsByDefault();
    try {
      KubeAPIServer server = new KubeAPIServer(config());
      server.start();
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
      Files.writeString(kubeconfig, server.getKubeConfigYaml());
      this.binaries = FOLDER.resolve("k8s/" + VERSION + "-linux-amd64");
      this.client = newClient();
      // Before the controller manager, which looks only now and then what kinds there are.
      installCrds();
      controllerManager();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static io.fabric8.kubeapitest.KubeAPIServerConfig config() throws IOException {
    KubeAPIServerConfigBuilder builder =
        KubeAPIServerConfigBuilder.anAPIServerConfig().withTestDir(FOLDER.toString());
    String given = System.getenv("BALLAST_CLUSTER_BINARIES");
    Files.createDirectories(FOLDER);
    if (given != null) {
      Path folder = Files.createDirectories(FOLDER.resolve("k8s/" + VERSION + "-linux-amd64"));
      for (String name : List.of("kube-apiserver", "kube-controller-manager", "kubectl", "etcd")) {
        Files.deleteIfExists(folder.resolve(name));
        Files.createSymbolicLink(folder.resolve(name), Path.of(given, name));
      }
      builder.withOfflineMode(true).withApiServerVersion(VERSION);
    }
    return builder.build();
  }

  /** As kubeadm would start it, with the controllers that work without nodes. */
  private void controllerManager() throws IOException {
    Path program = binaries.resolve("kube-controller-manager");
    if (!Files.isExecutable(program)) {
      return;
    }
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--secure-port=0",
                "--leader-elect=false",
                "--controllers=garbage-collector-controller,namespace-controller,"
                    + "serviceaccount-controller,disruption-controller,resourcequota-controller,"
                    + "statefulset-controller")
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("controller-manager.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  private void installCrds() throws IOException {
    for (String file : List.of("testjobs.ballast.dev-v1.yml", "browserpools.ballast.dev-v1.yml")) {
      try (var stream = Files.newInputStream(Path.of("crds", file))) {
        CustomResourceDefinition crd = client.getKubernetesSerialization().unmarshal(stream);
        client.resource(crd).serverSideApply();
        client
            .resource(crd)
            .waitUntilCondition(TestingCluster::isEstablished, 30, TimeUnit.SECONDS);
      }
    }
  }

  /** A definition that was only just accepted has no conditions yet. */
  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  /** An administrator's client, shared by all tests. */
  public KubernetesClient client() {
    return client;
  }

  /** What the API server signs the tokens of ServiceAccounts with. */
  public Path signingKey() {
    return FOLDER.resolve("apiserver.key");
  }

  /** The same token, with another end of its life, signed as the API server would. */
  public String resigned(String token, Duration life) throws GeneralSecurityException, IOException {
    return TestingSignature.resigned(signingKey(), token, life);
  }

  public Path kubeconfig() {
    return kubeconfig;
  }

  /** A client of its own, that its maker closes. */
  public KubernetesClient newClient() {
    return new KubernetesClientBuilder().withConfig(clientConfig()).build();
  }

  /** The administrator's configuration, to be changed at will. */
  public Config clientConfig() {
    return Config.fromKubeconfig(kubeconfig.toFile());
  }

  /**
   * Somebody else's kind, as open as can be: fields are not looked at. Returns once it is served.
   */
  public void openKind(String group, String version, String kind) {
    String plural = kind.toLowerCase(Locale.ROOT) + "s";
    Output applied =
        kubectlWithInput(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: %s.%s}
            spec:
              group: %s
              scope: Namespaced
              names: {kind: %s, plural: %s}
              versions:
                - name: %s
                  served: true
                  storage: true
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """
                .formatted(plural, group, group, kind, plural, version),
            "apply",
            "-f",
            "-");
    Output served =
        kubectl(
            "wait",
            "--for=condition=Established",
            "--timeout=20s",
            "crd",
            "%s.%s".formatted(plural, group));
    if (applied.exitCode() + served.exitCode() != 0) {
      throw new IllegalStateException(applied.all() + served.all());
    }
  }

  /** A fresh namespace with the default ServiceAccount's tokens and nothing else. */
  public String newNamespace() {
    String name = "test-" + NAMESPACES.incrementAndGet();
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  /** Runs kubectl as the administrator. */
  public Output kubectl(String... arguments) {
    return kubectl(Optional.empty(), arguments);
  }

  /** Runs kubectl with something on its stdin. */
  public Output kubectlWithInput(String input, String... arguments) {
    return kubectl(Optional.of(input), arguments);
  }

  private Output kubectl(Optional<String> input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(binaries.resolve("kubectl").toString());
    command.add("--kubeconfig=" + kubeconfig);
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile(FOLDER, "kubectl", ".out");
      Path err = Files.createTempFile(FOLDER, "kubectl", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.orElse("").getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      int exitCode = process.waitFor();
      Output output = new Output(exitCode, Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
