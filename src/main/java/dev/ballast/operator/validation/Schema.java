package dev.ballast.operator.validation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A structural schema of a CRD (OpenAPI v3), as far as ours use it; a keyword that is not
 * understood here is an error of ours, so that no rule is ever silently skipped.
 *
 * @param items of an array
 * @param values of an object whose field names are the user's
 */
record Schema(
    String type,
    String description,
    Map<String, Schema> properties,
    List<String> required,
    Optional<Schema> items,
    Optional<Schema> values,
    boolean open,
    List<String> enumeration,
    Optional<Pattern> pattern,
    OptionalDouble minimum,
    OptionalDouble maximum,
    OptionalInt minLength,
    OptionalInt maxLength,
    OptionalInt minItems,
    OptionalInt maxItems,
    @Nullable Object defaultValue,
    List<Rule> rules) {

  /** One CEL rule of a schema. */
  record Rule(String expression, String message, String fieldPath) {
    boolean isTransition() {
      return expression.contains("oldSelf");
    }
  }

  static Schema of(Map<String, Object> raw) {
    String type = "";
    String description = "";
    Map<String, Schema> properties = Map.of();
    List<String> required = List.of();
    Optional<Schema> items = Optional.empty();
    Optional<Schema> values = Optional.empty();
    boolean open = false;
    List<String> enumeration = List.of();
    Optional<Pattern> pattern = Optional.empty();
    OptionalDouble minimum = OptionalDouble.empty();
    OptionalDouble maximum = OptionalDouble.empty();
    OptionalInt minLength = OptionalInt.empty();
    OptionalInt maxLength = OptionalInt.empty();
    OptionalInt minItems = OptionalInt.empty();
    OptionalInt maxItems = OptionalInt.empty();
    Object defaultValue = null;
    List<Rule> rules = List.of();
    for (Map.Entry<String, Object> keyword : raw.entrySet()) {
      Object value = keyword.getValue();
      switch (keyword.getKey()) {
        case "type" -> type = (String) value;
        case "description" -> description = (String) value;
        case "properties" -> properties = schemas(value);
        case "required" -> required = strings(value);
        case "items" -> items = Optional.of(of(map(value)));
        case "additionalProperties" -> values = Optional.of(of(map(value)));
        case "x-kubernetes-preserve-unknown-fields" -> open = (Boolean) value;
        case "enum" -> enumeration = strings(value);
        case "pattern" -> pattern = Optional.of(Pattern.compile((String) value));
        case "minimum" -> minimum = OptionalDouble.of(((Number) value).doubleValue());
        case "maximum" -> maximum = OptionalDouble.of(((Number) value).doubleValue());
        case "minLength" -> minLength = OptionalInt.of(((Number) value).intValue());
        case "maxLength" -> maxLength = OptionalInt.of(((Number) value).intValue());
        case "minItems" -> minItems = OptionalInt.of(((Number) value).intValue());
        case "maxItems" -> maxItems = OptionalInt.of(((Number) value).intValue());
        case "default" -> defaultValue = value;
        case "x-kubernetes-validations" -> rules = rules(value);
        case "x-kubernetes-list-type", "x-kubernetes-list-map-keys" -> {
          // How two appliers share a list; that its keys are unique is a rule beside them.
        }
        default ->
            throw new IllegalStateException(
                "the CRD uses %s, which local validation does not know"
                    .formatted(keyword.getKey()));
      }
    }
    return new Schema(
        type,
        description,
        properties,
        required,
        items,
        values,
        open,
        enumeration,
        pattern,
        minimum,
        maximum,
        minLength,
        maxLength,
        minItems,
        maxItems,
        defaultValue,
        rules);
  }

  // The keys of a YAML or JSON object are strings.
  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  private static Map<String, Schema> schemas(Object value) {
    Map<String, Schema> schemas = new LinkedHashMap<>();
    map(value).forEach((name, schema) -> schemas.put(name, of(map(schema))));
    return schemas;
  }

  private static List<String> strings(Object value) {
    return ((List<?>) value).stream().map(String::valueOf).toList();
  }

  private static List<Rule> rules(Object value) {
    List<Rule> rules = new ArrayList<>();
    for (Object entry : (List<?>) value) {
      Map<String, Object> rule = map(entry);
      rules.add(
          new Rule(
              (String) rule.getOrDefault("rule", ""),
              (String) rule.getOrDefault("message", ""),
              (String) rule.getOrDefault("fieldPath", "")));
    }
    return rules;
  }
}
