package dev.ballast.balancer;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is expected of a pool and wanted for it; what nobody says is absent.
 *
 * @param desired workers that were asked for, by a user or an autoscaler
 * @param recommended workers that the forecast asks for
 * @param forecastUtilization ratio of busy slots a lead time ahead, 0–1 or more where demand
 *     exceeds the slots, by quantile (0–1)
 * @param forecastErrorRatio mean absolute error of late forecasts ÷ that of saying "as now"; below
 *     1 the forecast helps
 * @param forecastTrusted whether scaling follows the forecast now, or only what it sees; absent:
 *     there is no forecast
 */
public record PoolOutlook(
    OptionalInt desired,
    OptionalInt recommended,
    SortedMap<Double, Double> forecastUtilization,
    OptionalDouble forecastErrorRatio,
    java.util.Optional<Boolean> forecastTrusted) {
  /** Nothing is known. */
  public static final PoolOutlook NONE =
      new PoolOutlook(
          OptionalInt.empty(),
          OptionalInt.empty(),
          new TreeMap<>(),
          OptionalDouble.empty(),
          java.util.Optional.empty());

  public PoolOutlook {
    forecastUtilization =
        java.util.Collections.unmodifiableSortedMap(new TreeMap<>(forecastUtilization));
    for (Map.Entry<Double, Double> forecast : forecastUtilization.entrySet()) {
      if (!(forecast.getKey() > 0 && forecast.getKey() < 1 && forecast.getValue() >= 0)) {
        throw new IllegalArgumentException(
            "forecast %s must map a quantile between 0 and 1 to a ratio ≥ 0".formatted(forecast));
      }
    }
  }

  /** The same with so many workers wanted. */
  public PoolOutlook withDesired(int workers) {
    return new PoolOutlook(
        OptionalInt.of(workers),
        recommended,
        forecastUtilization,
        forecastErrorRatio,
        forecastTrusted);
  }
}
