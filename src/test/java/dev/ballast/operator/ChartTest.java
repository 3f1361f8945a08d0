package dev.ballast.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart is what it says: linted, described, and strict about its values. */
class ChartTest {
  private static final Path CHART = Path.of("helm", "ballast");
  private static final String BEGIN =
      "<!-- made from values.yaml: mvn test -Dtest=ChartTest -Dchart.write=true -->\n";
  private static final String END = "<!-- end -->";

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Test
  void itPassesTheStrictLint() {
    LintResult lint = new Helm(CHART).lint().strict().call();

    assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "replicas, two, replicas",
    "replicas, 0, replicas",
    "replcas, 2, replcas",
    "image.digest, sha1:12, digest",
    "persistence.size, 10, size",
    "service.type, Cluster, type"
  })
  void aWrongValueIsRefusedByName(String value, String given, String named) {
    assertThatThrownBy(
            () -> new Helm(CHART).template().withKubeVersion("1.36.3").set(value, given).call())
        .hasMessageContaining(named);
  }

  @Test
  void oneVolumeForTwoReplicasIsRefusedWithWhatWouldBeRight() {
    assertThatThrownBy(() ->
            new Helm(CHART)
                .template()
                .withKubeVersion("1.36.3")
                .set("persistence.existingClaim", "journal")
                .set("replicas", 2)
                .call())
        .hasMessageContaining("leave it empty, or set replicas to 1");
  }

  @ParameterizedTest
  @CsvSource({
    "crds/testjobs.ballast.dev-v1.yml, crds/testjobs.ballast.dev-v1.yml",
    "crds/browserpools.ballast.dev-v1.yml, crds/browserpools.ballast.dev-v1.yml",
    "k8s/monitoring/prometheusrule.yaml, files/prometheusrule.yaml",
    "k8s/monitoring/dashboard.json, files/dashboard.json"
  })
  void whatItCarriesIsWhatTheProjectHas(Path original, Path copy) throws IOException {
    Path carried = CHART.resolve(copy);
    if (Boolean.getBoolean("crds.write") || Boolean.getBoolean("chart.write")) {
      Files.writeString(carried, Files.readString(original));
    }

    assertThat(carried)
        .as("mvn test -Dtest=ChartTest -Dchart.write=true")
        .hasSameTextualContentAs(original);
  }

  @Test
  void withTlsEverythingThatSpeaksToTheControllerSpeaksTls() {
    String rendered =
        new Helm(CHART)
            .template()
            .withKubeVersion("1.36.3")
            .withName("trial")
            .withNamespace("team")
            .withValuesFile(CHART.resolve("ci/tls.yaml"))
            .call();

    assertThat(rendered)
        .contains("--server=https://trial-ballast.team:7878", "--tls=/etc/ballast-tls")
        .contains("scheme: https", "serverName: trial-ballast.team", "key: ca.crt")
        .contains("name: BALLAST_CA_FILE", "name: HTTPS_PROXY", "mountPath: /etc/ballast-tls");
    assertThat(rendered.split("port: http, scheme: HTTPS}", -1)).as("three probes").hasSize(4);
    assertThat(rendered).doesNotContain("http://trial", "scheme: HTTP}");
  }

  @Test
  void theReadmeDescribesEveryValue() throws IOException {
    Path file = CHART.resolve("README.md");
    String readme = Files.readString(file);
    int from = readme.indexOf(BEGIN) + BEGIN.length();
    String expected =
        readme.substring(0, from) + table() + readme.substring(readme.indexOf(END, from));
    if (Boolean.getBoolean("chart.write")) {
      Files.writeString(file, expected);
    }

    assertThat(file)
        .as("mvn test -Dtest=ChartTest -Dchart.write=true")
        .usingCharset(java.nio.charset.StandardCharsets.UTF_8)
        .hasContent(expected);
  }

  @Test
  void theSchemaKnowsTheValuesAndNoOthers() throws IOException {
    JsonNode schema = YAML.readTree(CHART.resolve("values.schema.json").toFile());
    JsonNode values = YAML.readTree(CHART.resolve("values.yaml").toFile());

    Set<String> known = new LinkedHashSet<>();
    schemaNames("", schema, known);
    known.remove("global");
    Set<String> given = new LinkedHashSet<>();
    names("", values, schema, given);

    assertThat(given).isEqualTo(known);
  }

  /** A row for each value that has a comment; its default is the rest of its line. */
  private static String table() throws IOException {
    StringBuilder table = new StringBuilder("| value | default | |\n|---|---|---|\n");
    List<String> path = new ArrayList<>();
    StringBuilder comment = new StringBuilder();
    List<String> lines = Files.readAllLines(CHART.resolve("values.yaml"));
    for (int at = 0; at < lines.size(); at++) {
      String text = lines.get(at).strip();
      if (text.isEmpty()) {
        comment.setLength(0);
      } else if (text.startsWith("#")) {
        comment.append(comment.isEmpty() ? "" : " ").append(text.substring(1).strip());
      } else if (text.contains(":")) {
        int depth = (lines.get(at).length() - lines.get(at).stripLeading().length()) / 2;
        String key = text.substring(0, text.indexOf(':'));
        while (path.size() > depth) {
          path.removeLast();
        }
        if (!comment.isEmpty()) {
          String value = text.substring(text.indexOf(':') + 1).strip();
          String name = path.isEmpty() ? key : String.join(".", path) + "." + key;
          table.append(
              "| `%s` | %s | %s |\n"
                  .formatted(name, value.isEmpty() ? "" : "`" + value + "`", comment));
          comment.setLength(0);
        }
        path.add(key);
      }
    }
    return table.toString();
  }

  private static void schemaNames(String path, JsonNode schema, Set<String> names) {
    for (var property : schema.path("properties").properties()) {
      String name = path + property.getKey();
      if (isGroup(property.getValue()) && !name.equals("workers.podTemplate")) {
        schemaNames(name + ".", property.getValue(), names);
      } else {
        names.add(name);
      }
    }
  }

  private static boolean isGroup(JsonNode schema) {
    return schema.has("properties");
  }

  private static void names(String path, JsonNode values, JsonNode schema, Set<String> names) {
    for (var value : values.properties()) {
      String name = path + value.getKey();
      JsonNode inside = schema.path("properties").path(value.getKey());
      if (isGroup(inside) && !name.equals("workers.podTemplate")) {
        names(name + ".", value.getValue(), inside, names);
      } else {
        names.add(name);
      }
    }
  }
}
