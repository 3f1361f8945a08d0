package dev.ballast.operator.pool;

import dev.ballast.operator.validation.PoolSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The agent of a worker: this very program. */
final class AgentContainer {
  private static final String NAME = "agent";

  /** Where it answers probes. */
  private static final int HEALTH_PORT = 7879;

  /** The user that the image names. */
  private static final long USER = 10001;

  /** Where it finds what it shows to servers of models. */
  private static final String CREDENTIALS = "/var/run/ballast-models";

  private AgentContainer() {}

  static Container of(PoolSettings pool, WorkerPods workers) {
    return new ContainerBuilder()
        .withName(NAME)
        .withImage(workers.image())
        .withArgs(arguments(pool, workers))
        .withEnv(environment(pool))
        .addNewPort()
        .withName("health")
        .withContainerPort(HEALTH_PORT)
        .endPort()
        // Ready and alive mean that the browser itself answered, so a start includes its first
        // probe.
        .withStartupProbe(Containers.probe("/health/started", HEALTH_PORT, 2, 60))
        .withReadinessProbe(Containers.probe("/health/ready", HEALTH_PORT, 5, 2))
        .withLivenessProbe(Containers.probe("/health/live", HEALTH_PORT, 10, 6))
        .withSecurityContext(Containers.locked(true, OptionalLong.of(USER)))
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
                "--webdriver=http://127.0.0.1:" + BrowserContainer.WEBDRIVER_PORT,
                "--slots=" + pool.slots(),
                "--browser-memory=$(BROWSER_MEMORY)",
                "--data=/data",
                "--token-file=/var/run/ballast/token",
                "--health-port=" + HEALTH_PORT));
    PoolLabels.of(pool).forEach((name, value) -> arguments.add("--label=" + name + "=" + value));
    pool.arguments().forEach(argument -> arguments.add("--argument=" + argument));
    return arguments;
  }

  private static List<EnvVar> environment(PoolSettings pool) {
    List<EnvVar> environment =
        new ArrayList<>(
            List.of(
                Containers.field("POD_NAME", "metadata.name"),
                Containers.field("POD_NAMESPACE", "metadata.namespace"),
                Containers.field("NODE_NAME", "spec.nodeName"),
                // Its own limit says nothing of what the browser may use.
                Containers.memoryLimit("BROWSER_MEMORY", BrowserContainer.NAME)));
    if (pool.modelSecret().isPresent()) {
      environment.add(Containers.value("BALLAST_MODELS_CREDENTIALS", CREDENTIALS));
    }
    return environment;
  }

  private static List<VolumeMount> mounts(PoolSettings pool) {
    List<VolumeMount> mounts =
        new ArrayList<>(
            List.of(
                Containers.mount(PodVolumes.DATA, "/data"),
                Containers.mount(PodVolumes.TEMPORARY, "/tmp"),
                Containers.mount(PodVolumes.TOKEN, "/var/run/ballast")));
    if (pool.modelSecret().isPresent()) {
      mounts.add(
          new VolumeMountBuilder(Containers.mount(PodVolumes.CREDENTIALS, CREDENTIALS))
              .withReadOnly(true)
              .build());
    }
    return mounts;
  }
}
