package dev.ballast.operator.pool;

import dev.ballast.operator.validation.PoolSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.OptionalLong;

/**
 * The browser and its driver, beside the agent. A sidecar: an init container that keeps running
 * (Kubernetes ≥ 1.29).
 */
final class BrowserContainer {
  static final String NAME = "browser";

  /** Where its driver listens. */
  static final int WEBDRIVER_PORT = 4444;

  /** The user of the official browser images. */
  private static final long USER = 1200;

  private BrowserContainer() {}

  static Container of(PoolSettings pool, BrowserImages images) {
    return new ContainerBuilder()
        .withName(NAME)
        .withImage(images.of(pool))
        .withImagePullPolicy(pool.imagePullPolicy().orElse(null))
        .withRestartPolicy("Always")
        .withEnv(
            // One session, the agent's, for as long as the browser lives.
            Containers.value("SE_NODE_MAX_SESSIONS", "1"),
            Containers.value("SE_NODE_SESSION_TIMEOUT", "86400"),
            Containers.value("SE_START_VNC", "false"))
        .addNewPort()
        .withName("webdriver")
        .withContainerPort(WEBDRIVER_PORT)
        .endPort()
        .withStartupProbe(Containers.probe("/status", WEBDRIVER_PORT, 1, 120))
        .withSecurityContext(
            Containers.locked(
                false, pool.image().isEmpty() ? OptionalLong.of(USER) : OptionalLong.empty()))
        .withVolumeMounts(Containers.mount(PodVolumes.SHARED_MEMORY, "/dev/shm"))
        .withNewResources()
        .addToRequests("cpu", new Quantity("1"))
        .addToRequests("memory", new Quantity("2Gi"))
        .addToLimits("memory", new Quantity("4Gi"))
        .endResources()
        .build();
  }
}
