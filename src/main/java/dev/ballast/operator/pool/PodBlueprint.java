package dev.ballast.operator.pool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolSpec;
import dev.ballast.operator.resource.Labels;
import dev.ballast.operator.validation.PoolSettings;
import dev.ballast.operator.validation.PoolTranslator;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * What the pods of a pool are made from: the generated pod, the controller's template and the
 * pool's template merged over it, and the hash of all that. A pod of another hash is outdated.
 */
final class PodBlueprint {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();
  private static final int HASH_LENGTH = 10;

  private final BrowserPool pool;
  private final JsonNode pod;
  private final String hash;

  private PodBlueprint(BrowserPool pool, JsonNode pod, String hash) {
    this.pool = pool;
    this.pod = pod;
    this.hash = hash;
  }

  /** Throws {@link IllegalArgumentException} when no pod can be made from the templates. */
  static PodBlueprint of(BrowserPool pool, WorkerPods workers) {
    PoolSettings settings = PoolTranslator.translate(pool);
    ObjectNode pod = JSON.valueToTree(WorkerPod.of(settings, workers));
    ObjectNode own = pod.at("/metadata/labels").deepCopy();
    if (workers.template().isPresent()) {
      pod = merge(pod, workers.template().get());
    }
    BrowserPoolSpec.PodTemplate template = pool.getSpec().podTemplate();
    if (template != null) {
      pod = merge(pod, JSON.valueToTree(template));
    }
    // By these it is found again: a pod without them would be made anew for ever.
    pod.withObject("/metadata/labels").setAll(own);
    try {
      // Both a check that it still is a pod, and one form for what is hashed.
      Pod checked = JSON.treeToValue(pod, Pod.class);
      return new PodBlueprint(pool, pod, hash(JSON.writeValueAsBytes(checked)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "spec.podTemplate does not make a pod: " + e.getOriginalMessage(), e);
    }
  }

  /** The container named browser is a sidecar, and so among the init containers. */
  private static ObjectNode merge(ObjectNode pod, JsonNode template) {
    ObjectNode patch = template.deepCopy();
    if (patch.path("spec").path("containers") instanceof ArrayNode containers) {
      for (int i = 0; i < containers.size(); i++) {
        if (BrowserContainer.NAME.equals(containers.get(i).path("name").asText())) {
          ((ObjectNode) patch.get("spec")).withArray("initContainers").add(containers.remove(i--));
        }
      }
    }
    return StrategicMerge.merge(pod, patch);
  }

  String hash() {
    return hash;
  }

  /** The pod of that name, ready to be applied. */
  Pod pod(String name) {
    try {
      Pod made = JSON.treeToValue(pod, Pod.class);
      made.getMetadata().setName(name);
      made.getMetadata().setNamespace(pool.getMetadata().getNamespace());
      Map<String, String> labels = made.getMetadata().getLabels();
      labels.put(Labels.TEMPLATE_HASH, hash);
      made.getMetadata()
          .setOwnerReferences(
              java.util.List.of(
                  new OwnerReferenceBuilder()
                      .withApiVersion(pool.getApiVersion())
                      .withKind(pool.getKind())
                      .withName(pool.getMetadata().getName())
                      .withUid(pool.getMetadata().getUid())
                      .withController(true)
                      .build()));
      return made;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("it was a pod when the blueprint was made", e);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
