package dev.ballast.server.rest;

import dev.ballast.server.outlook.Retrospect;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was forecast of a pool in the last 15 minutes, and what came.
 *
 * @param pool its name
 * @param points one each 10 s, the oldest first
 */
public record ForecastDocument(String pool, List<Point> points) {
  /**
   * One moment.
   *
   * @param usedRatio share of the slots that were busy in the 10 s before, 0–1; null without slots
   * @param aheadSeconds how far the forecast looks: it is of {@code at} + {@code aheadSeconds}
   * @param forecast demand for slots then ÷ slots, 0 or more, by quantile (for example {@code
   *     "0.9"}); empty without a forecast
   */
  public record Point(
      Instant at, @Nullable Double usedRatio, double aheadSeconds, Map<String, Double> forecast) {
    private static Point of(Retrospect.Point point) {
      Map<String, Double> forecast = new LinkedHashMap<>();
      point.forecast().forEach((quantile, ratio) -> forecast.put("" + quantile, ratio));
      return new Point(
          point.at(),
          point.used().isPresent() ? point.used().getAsDouble() : null,
          point.ahead().toMillis() / 1000.0,
          forecast);
    }
  }

  /** Of all pools, by name. */
  static List<ForecastDocument> of(Retrospect retrospect) {
    return retrospect.pools().entrySet().stream()
        .map(pool ->
            new ForecastDocument(pool.getKey(), pool.getValue().stream().map(Point::of).toList()))
        .toList();
  }

  /** As the pool is called in a namespace; empty: it is another's. */
  Optional<ForecastDocument> in(String namespace) {
    return PoolDocument.nameIn(namespace, pool).map(name -> new ForecastDocument(name, points));
  }
}
