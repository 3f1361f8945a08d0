package dev.ballast.operator.validation;

import dev.ballast.model.BrowserKind;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the units and fills in the defaults of a valid {@link BrowserPool}. */
public final class PoolTranslator {
  private PoolTranslator() {}

  public static PoolSettings translate(BrowserPool pool) {
    BrowserPoolSpec spec = pool.getSpec();
    return new PoolSettings(
        Absent.or(pool.getMetadata().getNamespace(), "default"),
        pool.getMetadata().getName(),
        Absent.or(pool.getMetadata().getLabels(), Map.of()),
        new BrowserKind(spec.browser()),
        Optional.ofNullable(spec.version()),
        Optional.ofNullable(spec.image()),
        Optional.ofNullable(spec.imagePullPolicy()).map(BrowserPoolSpec.PullPolicy::label),
        Absent.or(spec.imagePullSecrets(), List.<BrowserPoolSpec.SecretRef>of()).stream()
            .map(BrowserPoolSpec.SecretRef::name)
            .toList(),
        Absent.or(spec.replicas(), 1),
        Absent.or(spec.slots(), 1),
        Absent.or(spec.arguments(), List.of()),
        autoscaling(
            Absent.or(
                spec.autoscaling(),
                new BrowserPoolSpec.Autoscaling(null, null, null, null, null, null))),
        breaker(
            Absent.or(spec.circuitBreaker(), new BrowserPoolSpec.CircuitBreaker(null, null, null))),
        recycle(Absent.or(spec.recycle(), new BrowserPoolSpec.Recycle(null, null))),
        Optional.ofNullable(spec.modelCredentials())
            .map(credentials -> credentials.secretRef().name()),
        Units.duration(Absent.or(spec.drainTimeout(), "10m")));
  }

  private static PoolSettings.Autoscaling autoscaling(BrowserPoolSpec.Autoscaling autoscaling) {
    return new PoolSettings.Autoscaling(
        switch (Absent.or(autoscaling.mode(), BrowserPoolSpec.Mode.MANUAL)) {
          case MANUAL -> PoolSettings.Autoscaling.Mode.MANUAL;
          case RECOMMEND -> PoolSettings.Autoscaling.Mode.RECOMMEND;
          case AUTO -> PoolSettings.Autoscaling.Mode.AUTO;
        },
        Absent.or(autoscaling.minReplicas(), 0),
        Absent.or(autoscaling.maxReplicas(), 20),
        Units.ratio(Absent.or(autoscaling.targetUtilization(), "75%")),
        Units.duration(Absent.or(autoscaling.horizon(), "60s")),
        Units.duration(Absent.or(autoscaling.scaleDownStabilization(), "120s")));
  }

  private static PoolSettings.CircuitBreaker breaker(BrowserPoolSpec.CircuitBreaker breaker) {
    return new PoolSettings.CircuitBreaker(
        Units.ratio(Absent.or(breaker.failureRatio(), "50%")),
        Absent.or(breaker.requestVolumeThreshold(), 10),
        Units.duration(Absent.or(breaker.delay(), "30s")));
  }

  private static PoolSettings.Recycle recycle(BrowserPoolSpec.Recycle recycle) {
    return new PoolSettings.Recycle(
        Absent.or(recycle.afterTasks(), 500),
        Units.bytes(Absent.or(recycle.memoryGrowth(), "512Mi")));
  }
}
