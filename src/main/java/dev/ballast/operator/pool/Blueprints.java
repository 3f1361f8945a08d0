package dev.ballast.operator.pool;

import dev.ballast.operator.resource.BrowserPool;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The blueprints of pods. Which hash a pool's pods should have is asked at every look at it, and is
 * remembered; the blueprint itself is needed only where a pod is made.
 */
final class Blueprints {
  private final WorkerPods workers;
  private final Map<String, Known> byUid = new ConcurrentHashMap<>();

  /** What a blueprint is made of: labels reach the agent, and their change is no new generation. */
  private record Known(@Nullable Long generation, Map<String, String> labels, String hash) {
    boolean isOf(BrowserPool pool) {
      return Objects.equals(generation, pool.getMetadata().getGeneration())
          && labels.equals(labelsOf(pool));
    }
  }

  Blueprints(WorkerPods workers) {
    this.workers = workers;
  }

  /** Throws {@link IllegalArgumentException} when no pod can be made from the templates. */
  String hash(BrowserPool pool) {
    Known known = byUid.get(pool.getMetadata().getUid());
    if (known == null || !known.isOf(pool)) {
      known = new Known(pool.getMetadata().getGeneration(), labelsOf(pool), of(pool).hash());
      byUid.put(pool.getMetadata().getUid(), known);
    }
    return known.hash();
  }

  /** As {@link #hash}, with all there is to make a pod. */
  PodBlueprint of(BrowserPool pool) {
    return PodBlueprint.of(pool, workers);
  }

  void forget(BrowserPool pool) {
    byUid.remove(pool.getMetadata().getUid());
  }

  private static Map<String, String> labelsOf(BrowserPool pool) {
    Map<String, String> labels = pool.getMetadata().getLabels();
    return labels == null ? Map.of() : Map.copyOf(labels);
  }
}
