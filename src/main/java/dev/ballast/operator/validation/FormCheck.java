package dev.ballast.operator.validation;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Checks a value against its OpenAPI schema: fields, types, bounds, patterns. */
record FormCheck(Findings findings) {

  void check(Schema schema, Object value, String path) {
    if (!hasType(schema, value)) {
      findings.wrongType(path, schema.type(), value);
      return;
    }
    switch (value) {
      case Map<?, ?> object -> object(schema, Schema.map(object), path);
      case List<?> list -> list(schema, list, path);
      case String text -> text(schema, text, path);
      case Number number -> number(schema, number, path);
      default -> {}
    }
  }

  private void object(Schema schema, Map<String, Object> object, String path) {
    String prefix = path.isEmpty() ? "" : path + ".";
    for (String name : schema.required()) {
      if (!object.containsKey(name)) {
        Schema missing = schema.properties().getOrDefault(name, schema);
        findings.add(
            prefix + name,
            "is missing.",
            missing.enumeration().isEmpty()
                ? missing.description()
                : Suggestions.advice("", missing.enumeration()));
      }
    }
    object.forEach((name, value) -> {
      Optional<Schema> property =
          Optional.ofNullable(schema.properties().get(name)).or(schema::values);
      if (property.isPresent()) {
        check(property.get(), value, prefix + name);
      } else if (!schema.open()) {
        findings.unknownField(path, name, schema.properties().keySet());
      }
    });
  }

  private void list(Schema schema, List<?> list, String path) {
    findings.size(path, list.size(), schema.minItems(), schema.maxItems(), "entries");
    // One message is enough where a list is far too long.
    int looked = Math.min(list.size(), schema.maxItems().orElse(Integer.MAX_VALUE));
    for (int i = 0; i < looked; i++) {
      Object item = list.get(i);
      String itemPath = "%s[%d]".formatted(path, i);
      schema.items().ifPresent(items -> check(items, item, itemPath));
    }
  }

  private void text(Schema schema, String text, String path) {
    if (!schema.enumeration().isEmpty() && !schema.enumeration().contains(text)) {
      String noun = noun(path);
      findings.add(
          path,
          "%s is not %s %s."
              .formatted(
                  Findings.shown(text), "aeiou".indexOf(noun.charAt(0)) >= 0 ? "an" : "a", noun),
          Suggestions.advice(text, schema.enumeration()));
      return;
    }
    findings.size(path, text.length(), schema.minLength(), schema.maxLength(), "characters");
    if (schema.pattern().isPresent() && !schema.pattern().get().matcher(text).find()) {
      String form = schema.pattern().get().pattern();
      Optional<String> meaning = meaning(form);
      findings.add(
          path,
          "%s is not %s."
              .formatted(
                  Findings.shown(text), meaning.orElse("a name of the form that is needed here")),
          meaning.isPresent() ? "" : "It must match " + form);
    }
  }

  private void number(Schema schema, Number number, String path) {
    double value = number.doubleValue();
    if (schema.maximum().isPresent() && value > schema.maximum().getAsDouble()) {
      findings.add(
          path,
          "%s is too large; at most %.0f.".formatted(number, schema.maximum().getAsDouble()),
          "");
    } else if (schema.minimum().isPresent() && value < schema.minimum().getAsDouble()) {
      findings.add(
          path,
          "%s is too small; at least %.0f.".formatted(number, schema.minimum().getAsDouble()),
          "");
    }
  }

  private static boolean hasType(Schema schema, Object value) {
    return switch (schema.type()) {
      case "object" -> value instanceof Map<?, ?>;
      case "array" -> value instanceof List<?>;
      case "string" -> value instanceof String;
      case "boolean" -> value instanceof Boolean;
      case "integer" -> value instanceof Long || value instanceof BigInteger;
      case "number" -> value instanceof Number;
      default -> true;
    };
  }

  /** {@code spec.matrix.backends[1]} is about a backend. */
  private static String noun(String path) {
    String field = path.substring(path.lastIndexOf('.') + 1);
    String name = field.replaceAll("\\[[0-9]+]$", "");
    String words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    return field.endsWith("]") && words.endsWith("s")
        ? words.substring(0, words.length() - 1)
        : words;
  }

  private static Optional<String> meaning(String pattern) {
    if (pattern.contains("ms|s|m|h")) {
      boolean zero = pattern.contains("(0|");
      return Optional.of(
          "a duration%s like 500ms, 30s, 10m or 1h".formatted(zero ? "" : " above 0,"));
    }
    if (pattern.contains("Ki|Mi|Gi")) {
      return Optional.of("an amount of memory like 512Mi or 2Gi");
    }
    if (pattern.endsWith("%$")) {
      return Optional.of("a percentage like 5% or 2.5%");
    }
    if (pattern.contains("{64}")) {
      return Optional.of("a SHA-256 (64 lower-case hex digits)");
    }
    return Optional.empty();
  }
}
