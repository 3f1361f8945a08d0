package dev.ballast.worker.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.model.Backend;
import dev.ballast.model.ModelFamily;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BuiltinModelsTest {
  private final BuiltinModels models = BuiltinModels.shipped();

  @Test
  void everyFamilyThatIsMeasuredHasAModel() {
    assertThat(models.all())
        .extracting(BuiltinModel::family)
        .contains(
            ModelFamily.AUDIO, ModelFamily.VISION, ModelFamily.TEXT_EMBEDDING, ModelFamily.LLM);
  }

  @Test
  void everyFileIsTheOneTheCatalogueDescribes() throws Exception {
    for (BuiltinModel model : models.all()) {
      byte[] bytes = resource("models/" + model.file());
      assertThat((long) bytes.length).as(model.id()).isEqualTo(model.bytes());
      assertThat(sha256(bytes)).as(model.id()).isEqualTo(model.sha256());
    }
    for (JsonNode build : engine().path("builds")) {
      for (JsonNode file : build.path("files")) {
        String name = file.path("file").asText();
        assertThat(sha256(resource("runner/ort/" + name)))
            .as(name)
            .isEqualTo(file.path("sha256").asText());
      }
    }
  }

  @Test
  void everyModelHasABuildAndAToleranceForTheSameBackends() {
    for (BuiltinModel model : models.all()) {
      assertThat(model.builds()).as(model.id()).containsKeys(Backend.WASM, Backend.WEBGPU);
      assertThat(model.tolerances().keySet()).as(model.id()).isEqualTo(model.builds().keySet());
      assertThat(model.memoryBytes()).as(model.id()).isGreaterThan(model.bytes());
    }
  }

  @Test
  void aGoldenOutputBelongsToTheModelThatIsShipped() {
    for (BuiltinModel model : models.all()) {
      assertThat(model.golden().path("sha256").asText()).as(model.id()).isEqualTo(model.sha256());
      assertThat(model.golden().path("outputs")).as(model.id()).isNotEmpty();
    }
  }

  @Test
  void thePageKnowsTheBuildsOfTheCatalogue() throws Exception {
    String page = new String(resource("runner/runtime.js"), StandardCharsets.UTF_8);

    engine()
        .path("builds")
        .forEach(build -> assertThat(page).contains("'" + build.path("module").asText() + "'"));
  }

  @Test
  void aModelNamesOnlyBuildsThatAreShipped() throws Exception {
    JsonNode builds = engine().path("builds");

    for (BuiltinModel model : models.all()) {
      assertThat(model.builds().values()).as(model.id()).allMatch(builds::has);
    }
  }

  @Test
  void sileroRunsOnTheGpuWithTheBuildThatComputesItRight() {
    BuiltinModel silero = models.find("silero-vad").orElseThrow();

    assertThat(silero.builds()).containsEntry(Backend.WEBGPU, "jsep");
    assertThat(models.find("no-such-model")).isEmpty();
  }

  @Test
  void onlyTheDecoderHasRandomWeights() {
    assertThat(models.all())
        .filteredOn(BuiltinModel::randomWeights)
        .extracting(BuiltinModel::id)
        .containsExactly("tiny-decoder");
  }

  private static JsonNode engine() throws Exception {
    return new ObjectMapper().readTree(resource("models/catalogue.json")).path("runtime");
  }

  static byte[] resource(String path) throws Exception {
    try (InputStream in = BuiltinModelsTest.class.getClassLoader().getResourceAsStream(path)) {
      return Objects.requireNonNull(in, path).readAllBytes();
    }
  }

  static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
