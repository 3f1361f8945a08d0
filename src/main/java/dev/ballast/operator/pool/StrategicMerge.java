package dev.ballast.operator.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Merges a part of a pod over a pod as {@code kubectl patch} does: objects field by field, lists of
 * named things by their names, other lists as a whole; {@code null} removes a field, and {@code
 * $patch: delete} an entry. Kubernetes' own merge needs the object on the server; this one is for
 * objects that are not there yet.
 */
final class StrategicMerge {
  private static final String DIRECTIVE = "$patch";

  /** {@code patchMergeKey} of the lists of a PodSpec (k8s.io/api/core/v1/types.go). */
  private static final Map<String, String> MERGE_KEYS =
      Map.ofEntries(
          Map.entry("containers", "name"),
          Map.entry("initContainers", "name"),
          Map.entry("volumes", "name"),
          Map.entry("env", "name"),
          Map.entry("ports", "containerPort"),
          Map.entry("volumeMounts", "mountPath"),
          Map.entry("volumeDevices", "devicePath"),
          Map.entry("imagePullSecrets", "name"),
          Map.entry("hostAliases", "ip"),
          Map.entry("resourceClaims", "name"),
          Map.entry("topologySpreadConstraints", "topologyKey"));

  private StrategicMerge() {}

  /** {@code base} with {@code patch} over it; both stay as they are. */
  static ObjectNode merge(ObjectNode base, JsonNode patch) {
    ObjectNode merged = base.deepCopy();
    into(merged, patch);
    return merged;
  }

  private static void into(ObjectNode base, JsonNode patch) {
    patch
        .properties()
        .forEach(entry -> {
          String field = entry.getKey();
          JsonNode value = entry.getValue();
          JsonNode present = base.get(field);
          if (field.equals(DIRECTIVE)) {
            return;
          }
          if (value.isNull()) {
            base.remove(field);
          } else if (value.isObject() && "replace".equals(value.path(DIRECTIVE).asText())) {
            base.set(field, ((ObjectNode) value.deepCopy()).without(DIRECTIVE));
          } else if (value.isObject() && present instanceof ObjectNode object) {
            into(object, value);
          } else if (value.isArray()
              && present instanceof ArrayNode array
              && MERGE_KEYS.containsKey(field)) {
            into(array, (ArrayNode) value, MERGE_KEYS.get(field));
          } else {
            base.set(field, value.deepCopy());
          }
        });
  }

  private static void into(ArrayNode base, ArrayNode patch, String key) {
    for (JsonNode entry : patch) {
      int at = find(base, key, entry.path(key));
      boolean delete = "delete".equals(entry.path(DIRECTIVE).asText());
      if (at < 0) {
        if (!delete) {
          base.add(entry.deepCopy());
        }
      } else if (delete) {
        base.remove(at);
      } else {
        into((ObjectNode) base.get(at), entry);
      }
    }
  }

  private static int find(ArrayNode list, String key, JsonNode value) {
    for (int i = 0; i < list.size(); i++) {
      if (!value.isMissingNode() && list.get(i).path(key).equals(value)) {
        return i;
      }
    }
    return -1;
  }
}
