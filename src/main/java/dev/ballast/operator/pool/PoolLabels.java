package dev.ballast.operator.pool;

import dev.ballast.operator.resource.Labels;
import dev.ballast.operator.validation.PoolSettings;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What jobs can select a pool by; a pool cannot pass for one of another namespace. */
final class PoolLabels {
  private PoolLabels() {}

  static SortedMap<String, String> of(PoolSettings pool) {
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
}
