package dev.ballast.operator.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks the CEL rules of a CRD, on a value of the right form with its defaults. */
record RuleCheck(Cel cel, Findings findings) {

  void check(Schema schema, Object value, String path) {
    for (Schema.Rule rule : schema.rules()) {
      if (!rule.isTransition() && !cel.holds(rule.expression(), value)) {
        broken(rule, value, path + rule.fieldPath());
      }
    }
    if (value instanceof Map<?, ?>) {
      Map<String, Object> object = Schema.map(value);
      schema
          .properties()
          .forEach((name, property) -> {
            Object present = object.get(name);
            if (present != null) {
              check(property, present, path.isEmpty() ? name : path + "." + name);
            }
          });
    } else if (value instanceof List<?> list && schema.items().isPresent()) {
      for (int i = 0; i < list.size(); i++) {
        check(schema.items().get(), list.get(i), "%s[%d]".formatted(path, i));
      }
    }
  }

  private void broken(Schema.Rule rule, Object value, String place) {
    String[] words = rule.message().split(" ", 2);
    if (place.isEmpty() && findings.names(words[0])) {
      // A rule of the root cannot have a fieldPath into metadata, so its message begins with it.
      findings.add(words[0], words[1] + ".", "");
    } else {
      findings.add(
          place.startsWith(".") ? place.substring(1) : place,
          rule.message() + culprit(rule, value).map(" (%s)"::formatted).orElse("") + ".",
          "");
    }
  }

  /** What a message of the CRD cannot say: the value that is wrong, or the one that is doubled. */
  private static Optional<String> culprit(Schema.Rule rule, Object value) {
    String field = rule.fieldPath().replaceFirst("^\\.", "");
    if (field.isEmpty() || !(value instanceof Map<?, ?> object)) {
      return Optional.empty();
    }
    return switch (object.get(field)) {
      case List<?> list -> doubled(list);
      case String text -> Optional.of(Findings.shown(text));
      case Number number -> Optional.of("it is " + number);
      case null, default -> Optional.empty();
    };
  }

  private static Optional<String> doubled(List<?> list) {
    Set<Object> seen = new HashSet<>();
    return list.stream()
        .map(item -> item instanceof Map<?, ?> entry ? String.valueOf(entry.get("name")) : item)
        .filter(item -> !seen.add(item))
        .findFirst()
        .map(item -> Findings.shown(String.valueOf(item)));
  }
}
