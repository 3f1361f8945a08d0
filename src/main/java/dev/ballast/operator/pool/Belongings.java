package dev.ballast.operator.pool;

import dev.ballast.operator.report.LeanStore;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.function.Consumer;

/** What is made for pools, as it is heard of: only what carries the labels of workers. */
final class Belongings {
  private Belongings() {}

  static EventSource<?, BrowserPool> pods(EventSourceContext<BrowserPool> context) {
    // What they are made of tells their hash.
    return of(Pod.class, "pods", pod -> pod.setSpec(null), context);
  }

  static EventSource<?, BrowserPool> budgets(EventSourceContext<BrowserPool> context) {
    return of(PodDisruptionBudget.class, "budgets", _ -> {}, context);
  }

  private static <T extends HasMetadata> EventSource<?, BrowserPool> of(
      Class<T> type, String name, Consumer<T> trim, EventSourceContext<BrowserPool> context) {
    return new InformerEventSource<>(
        InformerEventSourceConfiguration.from(type, BrowserPool.class)
            .withName(name)
            .withLabelSelector(Labels.WORKERS)
            .withItemStore(new LeanStore<>(trim))
            .withNamespacesInheritedFromController()
            .build(),
        context);
  }
}
