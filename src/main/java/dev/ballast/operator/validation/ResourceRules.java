package dev.ballast.operator.validation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Checks one resource as the API server does: form first, then defaults, then the CEL rules, which
 * are only looked at when the form is right.
 */
final class ResourceRules {
  private final Schema schema;
  private final Supplier<Cel> cel;

  ResourceRules(Schema schema, Supplier<Cel> cel) {
    this.schema = schema;
    this.cel = cel;
  }

  /** Problems of the resource; without any, its defaults are filled in and its status is gone. */
  List<Problem> check(Map<String, Object> resource, Origin origin) {
    resource.remove("status");
    Findings findings = new Findings(origin);
    new MetadataCheck(findings).check(resource.get("metadata"));
    Map<String, Object> fields = new LinkedHashMap<>(resource);
    fields.keySet().removeAll(Set.of("apiVersion", "kind", "metadata"));
    new FormCheck(findings).check(schema, fields, "");
    if (findings.problems().isEmpty()) {
      applyDefaults(schema, resource);
      new RuleCheck(cel.get(), findings).check(schema, resource, "");
    }
    return findings.problems();
  }

  private static void applyDefaults(Schema schema, Object value) {
    if (value instanceof Map<?, ?>) {
      Map<String, Object> object = Schema.map(value);
      schema
          .properties()
          .forEach((name, property) -> {
            Object defaultValue = property.defaultValue();
            if (defaultValue != null) {
              object.computeIfAbsent(name, key -> copy(defaultValue));
            }
            Object present = object.get(name);
            if (present != null) {
              applyDefaults(property, present);
            }
          });
    } else if (value instanceof List<?> list) {
      schema.items().ifPresent(items -> list.forEach(item -> applyDefaults(items, item)));
    }
  }

  private static Object copy(Object value) {
    return value instanceof Map<?, ?> ? new LinkedHashMap<>(Schema.map(value)) : value;
  }
}
