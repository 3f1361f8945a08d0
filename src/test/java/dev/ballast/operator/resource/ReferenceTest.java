package dev.ballast.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference says what the CRDs say, all of it. */
class ReferenceTest {
  private static final Path PAGE = Path.of("docs", "reference.md");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void thePageIsTheOneThatTheCrdsMake() throws IOException {
    String expected = ReferencePage.of(crds());
    if (Boolean.getBoolean("crds.write")) {
      Files.writeString(PAGE, expected);
    }

    assertThat(PAGE)
        .as("write it with: mvn test -Dtest=CrdsTest,ReferenceTest -Dcrds.write=true")
        .exists();
    assertThat(Files.readString(PAGE))
        .as("%s is older than the CRDs; mvn test -Dtest=ReferenceTest -Dcrds.write=true", PAGE)
        .isEqualTo(expected);
  }

  /** A field without a word about it would be a riddle here and in {@code kubectl explain}. */
  @Test
  void everyFieldIsDescribed() {
    List<String> undescribed = new ArrayList<>();
    for (JsonNode crd : crds()) {
      JsonNode schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
      if (schema.path("description").asText().isBlank()) {
        undescribed.add(crd.at("/spec/names/kind").asText());
      }
      undescribed("", schema, undescribed);
    }

    assertThat(undescribed).isEmpty();
  }

  private static void undescribed(String path, JsonNode schema, List<String> found) {
    schema
        .path("properties")
        .properties()
        .forEach(entry -> {
          String name = path + "/" + entry.getKey();
          if (entry.getValue().path("description").asText().isBlank()) {
            found.add(name);
          }
          undescribed(name, entry.getValue(), found);
        });
    if (schema.has("items")) {
      undescribed(path + "[]", schema.get("items"), found);
    }
  }

  private static List<JsonNode> crds() {
    return Stream.of("browserpools", "testjobs")
        .map(name -> {
          try {
            return YAML.readTree(Path.of("crds", name + ".ballast.dev-v1.yml").toFile());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .toList();
  }
}
