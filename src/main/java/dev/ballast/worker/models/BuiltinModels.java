package dev.ballast.worker.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.model.Backend;
import dev.ballast.model.ModelFamily;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models that Ballast ships, as {@code models/catalogue.json} lists them. */
public final class BuiltinModels {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final BuiltinModels SHIPPED = read();

  private final Map<String, BuiltinModel> byId;

  private BuiltinModels(Map<String, BuiltinModel> byId) {
    this.byId = byId;
  }

  /** The catalogue of this build. */
  public static BuiltinModels shipped() {
    return SHIPPED;
  }

  public Optional<BuiltinModel> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** In the order of the catalogue. */
  public List<BuiltinModel> all() {
    return List.copyOf(byId.values());
  }

  private static BuiltinModels read() {
    JsonNode catalogue = parse("/models/catalogue.json");
    Map<String, BuiltinModel> byId = new LinkedHashMap<>();
    for (JsonNode model : catalogue.path("models")) {
      Map<Backend, String> builds = new LinkedHashMap<>();
      model
          .path("builds")
          .properties()
          .forEach(build -> builds.put(new Backend(build.getKey()), build.getValue().asText()));
      Map<Backend, Double> tolerances = new LinkedHashMap<>();
      model
          .path("tolerance")
          .properties()
          .forEach(
              entry -> tolerances.put(new Backend(entry.getKey()), entry.getValue().asDouble()));
      String id = model.path("id").asText();
      byId.put(
          id,
          new BuiltinModel(
              id,
              ModelFamily.of(model.path("family").asText()).orElseThrow(),
              model.path("file").asText(),
              model.path("sha256").asText(),
              model.path("bytes").asLong(),
              model.path("memoryBytes").asLong(),
              model.path("randomWeights").asBoolean(),
              builds,
              tolerances,
              model,
              parse("/models/golden/" + id + ".json")));
    }
    return new BuiltinModels(byId);
  }

  private static JsonNode parse(String resource) {
    try (InputStream stream = BuiltinModels.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(
            resource + " is not in the application. Maybe it was not built with Maven?");
      }
      return JSON.readTree(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }
}
