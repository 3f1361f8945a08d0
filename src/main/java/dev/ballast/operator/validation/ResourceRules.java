package dev.ballast.operator.validation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Checks one resource as the API server does: form first, then defaults, then the CEL rules, which
 * are only looked at when the form is right.
 */
final class ResourceRules {
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Set<String> METADATA =
      Set.of(
          "name",
          "namespace",
          "labels",
          "annotations",
          "generateName",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "finalizers",
          "managedFields",
          "ownerReferences",
          "selfLink");
  private static final int SHOWN = 60;

  private final Schema schema;
  private final Supplier<Cel> cel;

  ResourceRules(Schema schema, Supplier<Cel> cel) {
    this.schema = schema;
    this.cel = cel;
  }

  /** Problems of the resource; without any, its defaults are filled in and its status is gone. */
  List<Problem> check(Map<String, Object> resource, Origin origin) {
    resource.remove("status");
    Check check = new Check(origin);
    check.metadata(resource.get("metadata"));
    check.root(resource);
    if (check.problems.isEmpty()) {
      applyDefaults(schema, resource);
      check.rules(schema, resource, "");
    }
    return check.problems;
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

  private final class Check {
    private final Origin origin;
    private final List<Problem> problems = new ArrayList<>();

    Check(Origin origin) {
      this.origin = origin;
    }

    private void add(String path, String message, String advice) {
      problems.add(origin.problem(path, message, advice));
    }

    void metadata(@org.jspecify.annotations.Nullable Object metadata) {
      if (metadata == null) {
        add("metadata.name", "is missing.", "Write metadata: {name: my-job}.");
        return;
      }
      if (!(metadata instanceof Map<?, ?>)) {
        wrongType("metadata", "object", metadata);
        return;
      }
      Map<String, Object> fields = Schema.map(metadata);
      fields
          .keySet()
          .forEach(field -> {
            if (!METADATA.contains(field)) {
              unknown("metadata", field, List.of("name", "namespace", "labels", "annotations"));
            }
          });
      Object name = fields.get("name");
      if (name == null) {
        add("metadata.name", "is missing.", "Write metadata: {name: my-job}.");
      } else {
        dnsName("metadata.name", name, SUBDOMAIN, 253);
      }
      Object namespace = fields.get("namespace");
      if (namespace != null) {
        dnsName("metadata.namespace", namespace, LABEL, 63);
      }
      strings("metadata.labels", fields.get("labels"), true);
      strings("metadata.annotations", fields.get("annotations"), false);
    }

    private void dnsName(String path, Object value, Pattern form, int limit) {
      if (!(value instanceof String text)) {
        wrongType(path, "string", value);
      } else if (text.length() > limit) {
        add(path, "has %d characters; at most %d.".formatted(text.length(), limit), "");
      } else if (!form.matcher(text).matches()) {
        String mended =
            text.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.-]+", "-")
                .replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
        add(
            path,
            "%s is not a DNS name (lower-case letters, digits and '-').".formatted(shown(text)),
            form.matcher(mended).matches() ? "Maybe \"%s\"?".formatted(mended) : "");
      }
    }

    private void strings(
        String path, @org.jspecify.annotations.Nullable Object value, boolean labels) {
      if (value == null) {
        return;
      }
      if (!(value instanceof Map<?, ?>)) {
        wrongType(path, "object", value);
        return;
      }
      Schema.map(value)
          .forEach((key, entry) -> {
            String child = path + "." + key;
            if (!(entry instanceof String text)) {
              wrongType(child, "string", entry);
            } else if (labels && !LABEL_VALUE.matcher(text).matches()) {
              add(
                  child,
                  "%s cannot be a label.".formatted(shown(text)),
                  "At most 63 letters, digits, '-', '_' and '.'.");
            }
          });
    }

    /** The fields beside {@code apiVersion}, {@code kind} and {@code metadata}. */
    void root(Map<String, Object> resource) {
      Map<String, Object> fields = new LinkedHashMap<>(resource);
      fields.keySet().removeAll(Set.of("apiVersion", "kind", "metadata"));
      form(schema, fields, "");
    }

    private void form(Schema schema, Object value, String path) {
      if (!hasType(schema, value)) {
        wrongType(path, schema.type(), value);
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
          add(
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
          form(property.get(), value, prefix + name);
        } else if (!schema.open()) {
          unknown(path, name, schema.properties().keySet());
        }
      });
    }

    private void list(Schema schema, List<?> list, String path) {
      size(path, list.size(), schema.minItems(), schema.maxItems(), "entries");
      // One message is enough where a list is far too long.
      int looked = Math.min(list.size(), schema.maxItems().orElse(Integer.MAX_VALUE));
      for (int i = 0; i < looked; i++) {
        Object item = list.get(i);
        String itemPath = "%s[%d]".formatted(path, i);
        schema.items().ifPresent(items -> form(items, item, itemPath));
      }
    }

    private void text(Schema schema, String text, String path) {
      if (!schema.enumeration().isEmpty() && !schema.enumeration().contains(text)) {
        String noun = noun(path);
        add(
            path,
            "%s is not %s %s."
                .formatted(shown(text), "aeiou".indexOf(noun.charAt(0)) >= 0 ? "an" : "a", noun),
            Suggestions.advice(text, schema.enumeration()));
        return;
      }
      size(path, text.length(), schema.minLength(), schema.maxLength(), "characters");
      if (schema.pattern().isPresent() && !schema.pattern().get().matcher(text).find()) {
        String form = schema.pattern().get().pattern();
        add(path, "%s is not %s.".formatted(shown(text), meaning(form)), "It must match " + form);
      }
    }

    private void number(Schema schema, Number number, String path) {
      double value = number.doubleValue();
      if (schema.maximum().isPresent() && value > schema.maximum().getAsDouble()) {
        add(
            path,
            "%s is too large; at most %.0f.".formatted(number, schema.maximum().getAsDouble()),
            "");
      } else if (schema.minimum().isPresent() && value < schema.minimum().getAsDouble()) {
        add(
            path,
            "%s is too small; at least %.0f.".formatted(number, schema.minimum().getAsDouble()),
            "");
      }
    }

    private void size(
        String path,
        int size,
        java.util.OptionalInt least,
        java.util.OptionalInt most,
        String unit) {
      if (most.isPresent() && size > most.getAsInt()) {
        add(path, "has %d %s; at most %d.".formatted(size, unit, most.getAsInt()), "");
      } else if (least.isPresent() && size < least.getAsInt()) {
        add(
            path,
            size == 0
                ? "is empty."
                : "has %d %s; at least %d.".formatted(size, unit, least.getAsInt()),
            "");
      }
    }

    private void unknown(String path, String name, Collection<String> known) {
      add(
          path.isEmpty() ? name : path + "." + name,
          "there is no field \"%s\" here.".formatted(name),
          Suggestions.advice(name, known.stream().filter(f -> !f.equals("status")).toList()));
    }

    private void wrongType(String path, String type, Object value) {
      String expected =
          switch (type) {
            case "integer" -> "a whole number";
            case "string" -> "text";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            default -> "a mapping";
          };
      String found =
          switch (value) {
            case Map<?, ?> object -> "a mapping";
            case List<?> list -> "a list";
            case String text -> "the text " + shown(text);
            default -> "the value " + value;
          };
      boolean quote =
          type.equals("string") && (value instanceof Number || value instanceof Boolean);
      add(path, "must be %s, not %s.".formatted(expected, found), quote ? "Put it in quotes." : "");
    }

    private void broken(Schema.Rule rule, String place) {
      String[] words = rule.message().split(" ", 2);
      if (place.isEmpty() && origin.lines().containsKey(words[0])) {
        // A rule of the root cannot have a fieldPath into metadata, so its message begins with it.
        add(words[0], words[1] + ".", "");
      } else {
        add(place.startsWith(".") ? place.substring(1) : place, rule.message() + ".", "");
      }
    }

    void rules(Schema schema, Object value, String path) {
      for (Schema.Rule rule : schema.rules()) {
        if (!rule.isTransition() && !cel.get().holds(rule.expression(), value)) {
          broken(rule, path + rule.fieldPath());
        }
      }
      if (value instanceof Map<?, ?>) {
        Map<String, Object> object = Schema.map(value);
        schema
            .properties()
            .forEach((name, property) -> {
              Object present = object.get(name);
              if (present != null) {
                rules(property, present, path.isEmpty() ? name : path + "." + name);
              }
            });
      } else if (value instanceof List<?> list && schema.items().isPresent()) {
        for (int i = 0; i < list.size(); i++) {
          rules(schema.items().get(), list.get(i), "%s[%d]".formatted(path, i));
        }
      }
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

  private static String meaning(String pattern) {
    if (pattern.contains("ms|s|m|h")) {
      return "a duration like 500ms, 30s, 10m or 1h";
    }
    if (pattern.contains("Ki|Mi|Gi")) {
      return "an amount of memory like 512Mi or 2Gi";
    }
    if (pattern.endsWith("%$")) {
      return "a percentage like 5% or 2.5%";
    }
    if (pattern.contains("{64}")) {
      return "a SHA-256 (64 lower-case hex digits)";
    }
    return "a name of the form that is needed here";
  }

  static String shown(String text) {
    return "\"%s\"".formatted(text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
  }
}
