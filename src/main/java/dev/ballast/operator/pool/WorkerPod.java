package dev.ballast.operator.pool;

import dev.ballast.operator.resource.Labels;
import dev.ballast.operator.validation.PoolSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The generated pod of a worker, before templates: the agent, and beside it the browser.
 *
 * <p>The browser is a sidecar (an init container that keeps running, Kubernetes ≥ 1.29): it is
 * there before the agent, and is stopped only after the agent has ended, so that what runs when a
 * pod is told to go can finish. Both pass the Pod Security Standard <i>restricted</i>. They share
 * the process namespace, so that the agent sees what memory the browser uses.
 */
final class WorkerPod {
  static final String BROWSER = "browser";
  static final String AGENT = "agent";

  /** Where the agent answers probes. */
  static final int HEALTH_PORT = 7879;

  private static final int WEBDRIVER_PORT = 4444;

  /** Where the agent finds what it shows to servers of models. */
  private static final String CREDENTIALS = "/var/run/ballast-models";

  /** The user of the official browser images, and the one that the agent's image names. */
  private static final long BROWSER_USER = 1200;

  private static final long AGENT_USER = 10001;

  /** A drain is told and answered within this, whatever runs. */
  private static final int GRACE_SECONDS = 30;

  private WorkerPod() {}

  static Pod of(PoolSettings pool, WorkerPods workers) {
    return new PodBuilder()
        .withNewMetadata()
        .withLabels(
            Map.of(
                Labels.NAME, "ballast",
                Labels.COMPONENT, "worker",
                Labels.MANAGED_BY, "ballast",
                Labels.POOL, pool.name(),
                Labels.BROWSER, pool.browser().name()))
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Always")
        .withTerminationGracePeriodSeconds(pool.drainTimeout().toSeconds() + GRACE_SECONDS)
        .withShareProcessNamespace(true)
        .withEnableServiceLinks(false)
        .withServiceAccountName("default")
        .withAutomountServiceAccountToken(false)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withInitContainers(browser(pool, workers))
        .withContainers(agent(pool, workers))
        .withVolumes(volumes(pool))
        .endSpec()
        .build();
  }

  private static Container browser(PoolSettings pool, WorkerPods workers) {
    ContainerBuilder container =
        new ContainerBuilder()
            .withName(BROWSER)
            .withImage(workers.browsers().of(pool))
            .withRestartPolicy("Always")
            .withEnv(
                // One session, the agent's, for as long as the browser lives.
                value("SE_NODE_MAX_SESSIONS", "1"),
                value("SE_NODE_SESSION_TIMEOUT", "86400"),
                value("SE_START_VNC", "false"))
            .addNewPort()
            .withName("webdriver")
            .withContainerPort(WEBDRIVER_PORT)
            .endPort()
            .withStartupProbe(probe("/status", WEBDRIVER_PORT, 1, 120))
            .withSecurityContext(locked(false, pool.image().isEmpty() ? BROWSER_USER : 0))
            .withVolumeMounts(mount("shm", "/dev/shm"))
            .withNewResources()
            .addToRequests("cpu", new Quantity("1"))
            .addToRequests("memory", new Quantity("2Gi"))
            .addToLimits("memory", new Quantity("4Gi"))
            .endResources();
    return container.build();
  }

  private static Container agent(PoolSettings pool, WorkerPods workers) {
    return new ContainerBuilder()
        .withName(AGENT)
        .withImage(workers.image())
        .withArgs(arguments(pool, workers))
        .withEnv(environment(pool))
        .addNewPort()
        .withName("health")
        .withContainerPort(HEALTH_PORT)
        .endPort()
        // Ready and alive mean that the browser itself answered, so a start includes its first
        // probe.
        .withStartupProbe(probe("/health/started", HEALTH_PORT, 2, 60))
        .withReadinessProbe(probe("/health/ready", HEALTH_PORT, 5, 2))
        .withLivenessProbe(probe("/health/live", HEALTH_PORT, 10, 6))
        .withSecurityContext(locked(true, AGENT_USER))
        .withVolumeMounts(mounts(pool))
        .withNewResources()
        .addToRequests("cpu", new Quantity("100m"))
        .addToRequests("memory", new Quantity("384Mi"))
        .addToLimits("memory", new Quantity("768Mi"))
        .endResources()
        .build();
  }

  private static List<String> arguments(PoolSettings pool, WorkerPods workers) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "worker",
                "--server=" + workers.server(),
                "--name=$(POD_NAME).$(POD_NAMESPACE)",
                "--node=$(NODE_NAME)",
                "--pool=" + PoolId.of(pool.namespace(), pool.name()),
                "--browser=" + pool.browser().name(),
                "--webdriver=http://127.0.0.1:" + WEBDRIVER_PORT,
                "--slots=" + pool.slots(),
                "--data=/data",
                "--token-file=/var/run/ballast/token",
                "--health-port=" + HEALTH_PORT));
    labels(pool).forEach((name, value) -> arguments.add("--label=" + name + "=" + value));
    pool.arguments().forEach(argument -> arguments.add("--argument=" + argument));
    return arguments;
  }

  /** What jobs can select the pool by; a pool cannot pass for one of another namespace. */
  static SortedMap<String, String> labels(PoolSettings pool) {
    SortedMap<String, String> labels = new TreeMap<>(pool.labels());
    labels.putAll(
        Map.of(
            Labels.NAMESPACE,
            pool.namespace(),
            Labels.POOL,
            pool.name(),
            Labels.IN_CLUSTER,
            "true",
            "browser",
            pool.browser().name()));
    return labels;
  }

  private static List<EnvVar> environment(PoolSettings pool) {
    List<EnvVar> environment =
        new ArrayList<>(
            List.of(
                field("POD_NAME", "metadata.name"),
                field("POD_NAMESPACE", "metadata.namespace"),
                field("NODE_NAME", "spec.nodeName")));
    if (pool.modelSecret().isPresent()) {
      environment.add(value("BALLAST_MODELS_CREDENTIALS", CREDENTIALS));
    }
    return environment;
  }

  private static List<VolumeMount> mounts(PoolSettings pool) {
    List<VolumeMount> mounts =
        new ArrayList<>(
            List.of(
                mount("data", "/data"), mount("tmp", "/tmp"), mount("token", "/var/run/ballast")));
    if (pool.modelSecret().isPresent()) {
      mounts.add(
          new VolumeMountBuilder(mount("model-credentials", CREDENTIALS))
              .withReadOnly(true)
              .build());
    }
    return mounts;
  }

  private static List<Volume> volumes(PoolSettings pool) {
    List<Volume> volumes = new ArrayList<>(volumes());
    pool.modelSecret()
        .ifPresent(secret ->
            volumes.add(
                new VolumeBuilder()
                    .withName("model-credentials")
                    .withNewSecret()
                    .withSecretName(secret)
                    // Without it workers do come up, and say what a server refuses them.
                    .withOptional(true)
                    .endSecret()
                    .build()));
    return volumes;
  }

  private static List<Volume> volumes() {
    return List.of(
        empty("data").build(),
        empty("tmp").build(),
        // Chromium shares memory between its processes; the default of 64 MiB kills tabs.
        new VolumeBuilder()
            .withName("shm")
            .withNewEmptyDir()
            .withMedium("Memory")
            .withSizeLimit(new Quantity("2Gi"))
            .endEmptyDir()
            .build(),
        new VolumeBuilder()
            .withName("token")
            .withNewProjected()
            .addNewSource()
            .withNewServiceAccountToken("ballast", 3600L, "token")
            .endSource()
            .endProjected()
            .build());
  }

  private static VolumeBuilder empty(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir();
  }

  /** {@code user} 0: the image's own, which must not be root. */
  private static SecurityContext locked(boolean readOnlyRoot, long user) {
    SecurityContextBuilder context =
        new SecurityContextBuilder()
            .withAllowPrivilegeEscalation(false)
            .withReadOnlyRootFilesystem(readOnlyRoot)
            .withRunAsNonRoot(true)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities();
    return (user == 0 ? context : context.withRunAsUser(user)).build();
  }

  private static Probe probe(String path, int port, int periodSeconds, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString(port))
        .endHttpGet()
        .withPeriodSeconds(periodSeconds)
        .withTimeoutSeconds(5)
        .withFailureThreshold(failures)
        .build();
  }

  private static EnvVar value(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  private static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
  }
}
