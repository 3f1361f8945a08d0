package dev.ballast.worker.models;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.model.Backend;
import dev.ballast.model.ModelFamily;
import java.util.Map;

/**
 * One shipped model.
 *
 * @param memoryBytes estimate of what it occupies once loaded
 * @param randomWeights its architecture is real, its weights are not
 * @param builds which build of the engine runs it, by backend; a backend that is not there is not
 *     supported
 * @param tolerances how far an output may differ from the golden one, by backend
 * @param description its entry of the catalogue, as the runner page reads it
 * @param golden outputs computed outside of any browser
 */
public record BuiltinModel(
    String id,
    ModelFamily family,
    String file,
    String sha256,
    long bytes,
    long memoryBytes,
    boolean randomWeights,
    Map<Backend, String> builds,
    Map<Backend, Double> tolerances,
    JsonNode description,
    JsonNode golden) {
  public BuiltinModel {
    builds = Map.copyOf(builds);
    tolerances = Map.copyOf(tolerances);
  }
}
