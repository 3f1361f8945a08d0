package dev.ballast.operator.pool;

import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpec;
import java.util.Map;
import java.util.Optional;

/**
 * How many workers of a pool others may evict at a time, as when nodes are drained: a quarter, as
 * in a rollout of our own. An evicted worker finishes what it runs within its grace period.
 */
final class Disruptions {
  private static final String AT_A_TIME = "25%";

  private Disruptions() {}

  /** The budget to be applied, unless {@code present} says the same already. */
  static Optional<PodDisruptionBudget> missing(
      BrowserPool pool, Optional<PodDisruptionBudget> present) {
    PodDisruptionBudget wanted = of(pool);
    return present.filter(budget -> same(budget.getSpec(), wanted.getSpec())).isPresent()
        ? Optional.empty()
        : Optional.of(wanted);
  }

  private static boolean same(PodDisruptionBudgetSpec is, PodDisruptionBudgetSpec wanted) {
    return wanted.getMaxUnavailable().equals(is.getMaxUnavailable())
        && wanted.getSelector().equals(is.getSelector())
        && wanted.getUnhealthyPodEvictionPolicy().equals(is.getUnhealthyPodEvictionPolicy());
  }

  private static PodDisruptionBudget of(BrowserPool pool) {
    Map<String, String> labels =
        Map.of(
            Labels.MANAGED_BY, "ballast",
            Labels.COMPONENT, "worker",
            Labels.POOL, pool.getMetadata().getName());
    return new PodDisruptionBudgetBuilder()
        .withNewMetadata()
        .withName(pool.getMetadata().getName())
        .withNamespace(pool.getMetadata().getNamespace())
        .withLabels(labels)
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(pool.getApiVersion())
                .withKind(pool.getKind())
                .withName(pool.getMetadata().getName())
                .withUid(pool.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(AT_A_TIME))
        // A worker that does not come up keeps no node from being drained.
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .withNewSelector()
        .withMatchLabels(labels)
        .endSelector()
        .endSpec()
        .build();
  }
}
