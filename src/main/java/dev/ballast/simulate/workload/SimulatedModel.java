package dev.ballast.simulate.workload;

import dev.ballast.model.Backend;
import dev.ballast.model.ModelFamily;
import java.util.Map;
import java.util.TreeMap;

/**
 * The truth about a model.
 *
 * @param loadSeconds by name of the browser class
 * @param serviceSeconds true means by name of the browser class, then backend; a missing pair can't
 *     run there
 * @param variation coefficient of variation of the service time; 0: always the mean
 * @param failureRatio share of attempts that fail, 0–1
 */
public record SimulatedModel(
    String name,
    ModelFamily family,
    double memoryMiB,
    Map<String, Double> loadSeconds,
    Map<String, Map<Backend, Double>> serviceSeconds,
    double variation,
    double failureRatio) {
  public SimulatedModel {
    loadSeconds = Map.copyOf(loadSeconds);
    Map<String, Map<Backend, Double>> copy = new TreeMap<>();
    serviceSeconds.forEach((browser, times) -> copy.put(browser, Map.copyOf(times)));
    serviceSeconds = Map.copyOf(copy);
  }
}
