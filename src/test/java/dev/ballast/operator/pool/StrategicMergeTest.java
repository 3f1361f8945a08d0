package dev.ballast.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As {@code kubectl patch} merges by default. */
class StrategicMergeTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static JsonNode merged(String pod, String patch) throws JsonProcessingException {
    return StrategicMerge.merge((ObjectNode) YAML.readTree(pod), YAML.readTree(patch));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Objects field by field, and null takes a field away.
        "{a: {b: 1, c: 2}} | {a: {c: 3, d: 4}} | {a: {b: 1, c: 3, d: 4}}",
        "{a: {b: 1, c: 2}} | {a: {c: null}} | {a: {b: 1}}",
        "{a: {b: 1, c: 2}} | {a: {$patch: replace, d: 4}} | {a: {d: 4}}",
        // Lists of named things by their names.
        "{containers: [{name: x, image: i, env: [{name: A, value: 1}]}]}"
            + " | {containers: [{name: x, env: [{name: B, value: 2}, {name: A, value: 3}]}]}"
            + " | {containers: [{name: x, image: i, env: [{name: A, value: 3}, {name: B, value: 2}]}]}",
        "{containers: [{name: x}]} | {containers: [{name: y}]} | {containers: [{name: x}, {name: y}]}",
        "{volumes: [{name: x}, {name: y}]} | {volumes: [{name: x, $patch: delete}]} | {volumes: [{name: y}]}",
        "{volumes: [{name: y}]} | {volumes: [{name: x, $patch: delete}]} | {volumes: [{name: y}]}",
        "{volumeMounts: [{name: x, mountPath: /a}]} | {volumeMounts: [{name: y, mountPath: /a}]}"
            + " | {volumeMounts: [{name: y, mountPath: /a}]}",
        // Others as a whole.
        "{tolerations: [{key: x}]} | {tolerations: [{key: y}]} | {tolerations: [{key: y}]}",
        "{args: [a, b]} | {args: [c]} | {args: [c]}"
      })
  void mergesAsKubectlDoes(String pod, String patch, String expected)
      throws JsonProcessingException {
    assertThat(merged(pod, patch)).isEqualTo(YAML.readTree(expected));
  }

  @Test
  void whatItIsGivenStaysAsItIs() throws JsonProcessingException {
    ObjectNode pod = (ObjectNode) YAML.readTree("{containers: [{name: x}]}");
    JsonNode patch = YAML.readTree("{containers: [{name: x, image: i}]}");

    StrategicMerge.merge(pod, patch);

    assertThat(pod).isEqualTo(YAML.readTree("{containers: [{name: x}]}"));
    assertThat(patch).isEqualTo(YAML.readTree("{containers: [{name: x, image: i}]}"));
  }
}
