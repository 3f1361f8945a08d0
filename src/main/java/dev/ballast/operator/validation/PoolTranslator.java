package dev.ballast.operator.validation;

import dev.ballast.model.BrowserKind;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the units and fills in the defaults of a valid {@link BrowserPool}. */
public final class PoolTranslator {
  private PoolTranslator() {}

  public static PoolSettings translate(BrowserPool pool) {
    BrowserPoolSpec spec = pool.getSpec();
    return new PoolSettings(
        or(pool.getMetadata().getNamespace(), "default"),
        pool.getMetadata().getName(),
        or(pool.getMetadata().getLabels(), Map.of()),
        new BrowserKind(spec.browser()),
        Optional.ofNullable(spec.version()),
        Optional.ofNullable(spec.image()),
        or(spec.replicas(), 1),
        or(spec.slots(), 1),
        or(spec.arguments(), List.of()),
        autoscaling(
            or(
                spec.autoscaling(),
                new BrowserPoolSpec.Autoscaling(null, null, null, null, null, null))),
        breaker(or(spec.circuitBreaker(), new BrowserPoolSpec.CircuitBreaker(null, null, null))),
        recycle(or(spec.recycle(), new BrowserPoolSpec.Recycle(null, null))),
        Units.duration(or(spec.drainTimeout(), "10m")));
  }

  private static PoolSettings.Autoscaling autoscaling(BrowserPoolSpec.Autoscaling autoscaling) {
    return new PoolSettings.Autoscaling(
        switch (or(autoscaling.mode(), BrowserPoolSpec.Mode.MANUAL)) {
          case MANUAL -> PoolSettings.Autoscaling.Mode.MANUAL;
          case RECOMMEND -> PoolSettings.Autoscaling.Mode.RECOMMEND;
          case AUTO -> PoolSettings.Autoscaling.Mode.AUTO;
        },
        or(autoscaling.minReplicas(), 0),
        or(autoscaling.maxReplicas(), 20),
        Units.ratio(or(autoscaling.targetUtilization(), "75%")),
        Units.duration(or(autoscaling.horizon(), "60s")),
        Units.duration(or(autoscaling.scaleDownStabilization(), "120s")));
  }

  private static PoolSettings.CircuitBreaker breaker(BrowserPoolSpec.CircuitBreaker breaker) {
    return new PoolSettings.CircuitBreaker(
        Units.ratio(or(breaker.failureRatio(), "50%")),
        or(breaker.requestVolumeThreshold(), 10),
        Units.duration(or(breaker.delay(), "30s")));
  }

  private static PoolSettings.Recycle recycle(BrowserPoolSpec.Recycle recycle) {
    return new PoolSettings.Recycle(
        or(recycle.afterTasks(), 500), Units.bytes(or(recycle.memoryGrowth(), "512Mi")));
  }

  private static <T> T or(@Nullable T value, T absent) {
    return value == null ? absent : value;
  }
}
