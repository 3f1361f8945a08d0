package dev.ballast.operator.pool;

import dev.ballast.operator.resource.Labels;
import dev.ballast.operator.validation.PoolSettings;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;

/**
 * The generated pod of a worker, before templates: the agent, and beside it the browser.
 *
 * <p>The browser is there before the agent, and is stopped only after the agent has ended, so that
 * what runs when a pod is told to go can finish. Both pass the Pod Security Standard
 * <i>restricted</i>. They share the process namespace, so that the agent sees what memory the
 * browser uses.
 */
final class WorkerPod {
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
        .withImagePullSecrets(
            pool.imagePullSecrets().stream().map(LocalObjectReference::new).toList())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withInitContainers(BrowserContainer.of(pool, workers.browsers()))
        .withContainers(AgentContainer.of(pool, workers))
        .withVolumes(PodVolumes.of(pool))
        .endSpec()
        .build();
  }
}
