package dev.ballast.operator.pool;

import dev.ballast.balancer.Outlook;
import dev.ballast.balancer.PoolOutlook;
import dev.ballast.balancer.ScalingWish;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.validation.PoolSettings;
import dev.ballast.operator.validation.PoolSettings.Autoscaling.Mode;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Sets the number of workers of pools that leave it to Ballast, as an HPA would: through {@code
 * /scale}, and only as the pool was seen, so that whoever else wrote meanwhile is seen first. With
 * {@code Manual} the number is never touched, and with {@code Recommend} only told.
 */
final class Autoscaler {
  private final Outlook outlook;
  private final Recommendations recommendations = new Recommendations();

  /**
   * @param recommended workers, within the pool's bounds; empty: nobody asks, or there is no
   *     forecast
   * @param forecastUtilization the median, 0–1 or more
   * @param lookAgain when fewer workers may be enough
   */
  record Scaling(
      OptionalInt recommended, OptionalDouble forecastUtilization, Optional<Duration> lookAgain) {}

  Autoscaler(Outlook outlook) {
    this.outlook = outlook;
  }

  /** {@code queued}: waiting tasks that the pool could run. */
  Scaling scale(
      BrowserPool pool, PoolSettings settings, int queued, KubernetesClient client, Instant now) {
    String id = PoolId.of(settings.namespace(), settings.name());
    outlook.update(id, known -> known.withDesired(settings.replicas()));
    outlook.wish(
        id,
        new ScalingWish(
            settings.autoscaling().horizon().toMillis() / 1000.0,
            settings.autoscaling().targetUtilizationRatio()));
    PoolOutlook expected = outlook.of(id);
    OptionalDouble forecast = median(expected);
    if (settings.autoscaling().mode() == Mode.MANUAL) {
      recommendations.forget(id);
      return new Scaling(OptionalInt.empty(), forecast, Optional.empty());
    }
    Optional<Recommendations.Wanted> wanted =
        recommendations.take(
            id,
            settings.autoscaling(),
            queued > 0 ? atLeastOne(expected.recommended()) : expected.recommended(),
            settings.replicas(),
            now);
    if (wanted.isEmpty()) {
      return new Scaling(OptionalInt.empty(), forecast, Optional.empty());
    }
    int workers = wanted.get().workers();
    if (settings.autoscaling().mode() == Mode.AUTO && workers != settings.replicas()) {
      write(pool, workers, client);
    }
    return new Scaling(OptionalInt.of(workers), forecast, wanted.get().lookAgain());
  }

  /** A pool that never had a worker has no forecast, and nobody would ever find out. */
  private static OptionalInt atLeastOne(OptionalInt recommended) {
    return OptionalInt.of(Math.max(1, recommended.orElse(0)));
  }

  void forget(String pool) {
    outlook.forget(pool);
    recommendations.forget(pool);
  }

  private static OptionalDouble median(PoolOutlook expected) {
    return expected.forecastUtilization().entrySet().stream()
        .filter(quantile -> quantile.getKey() >= 0.5)
        .mapToDouble(quantile -> quantile.getValue())
        .findFirst();
  }

  private static void write(BrowserPool pool, int workers, KubernetesClient client) {
    try {
      client
          .resource(pool)
          .scale(
              new ScaleBuilder()
                  .withNewMetadata()
                  .withNamespace(pool.getMetadata().getNamespace())
                  .withName(pool.getMetadata().getName())
                  .withResourceVersion(pool.getMetadata().getResourceVersion())
                  .endMetadata()
                  .withNewSpec()
                  .withReplicas(workers)
                  .endSpec()
                  .build());
    } catch (KubernetesClientException e) {
      // The pool has changed; that change brings the next look.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }
}
