package dev.ballast.cli.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.operator.validation.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the fields of a JSON object and collects what is wrong with them. */
final class Fields {
  private final String file;
  private final List<String> problems;

  Fields(String file, List<String> problems) {
    this.file = file;
    this.problems = problems;
  }

  /** {@code F.json models[0].variation: -1 is …} */
  void problem(String path, String message) {
    problems.add(path.isEmpty() ? file + ": " + message : file + " " + path + ": " + message);
  }

  static String child(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /** Whether it is an object; fields other than the known ones are refused. */
  boolean object(JsonNode node, String path, Set<String> known) {
    if (!node.isObject()) {
      problem(
          path,
          node.isMissingNode()
              ? "is empty. It must hold an object."
              : "%s must be an object.".formatted(shown(node)));
      return false;
    }
    for (var field : node.properties()) {
      if (!known.contains(field.getKey())) {
        problem(
            child(path, field.getKey()),
            known.isEmpty()
                ? "unknown field. None is known here."
                : "unknown field. %s"
                    .formatted(Suggestions.advice(field.getKey(), new TreeSet<>(known))));
      }
    }
    return true;
  }

  /** The elements of a list; none when it is absent. */
  List<JsonNode> list(JsonNode parent, String path, String field, boolean required) {
    JsonNode node = parent.get(field);
    if (node == null || node.isNull()) {
      if (required) {
        problem(child(path, field), "is missing. It must be a list.");
      }
      return List.of();
    }
    if (!node.isArray() || (required && node.isEmpty())) {
      problem(
          child(path, field),
          "%s must be a list%s.".formatted(shown(node), required ? " with something in it" : ""));
      return List.of();
    }
    List<JsonNode> elements = new ArrayList<>();
    node.forEach(elements::add);
    return elements;
  }

  Optional<String> word(JsonNode parent, String path, String field) {
    JsonNode node = parent.get(field);
    if (node == null || node.isNull()) {
      problem(child(path, field), "is missing. It must be a word.");
      return Optional.empty();
    }
    if (!node.isTextual() || node.textValue().isBlank()) {
      problem(child(path, field), "%s must be a word.".formatted(shown(node)));
      return Optional.empty();
    }
    return Optional.of(node.textValue());
  }

  /** A word that must be one of those. */
  Optional<String> oneOf(
      JsonNode parent, String path, String field, String what, Collection<String> known) {
    Optional<String> word = word(parent, path, field);
    if (word.isPresent() && !known.contains(word.get())) {
      problem(
          child(path, field),
          "\"%s\" is no %s. %s".formatted(word.get(), what, Suggestions.advice(word.get(), known)));
      return Optional.empty();
    }
    return word;
  }

  /** A number in {@code least … most}; {@code fallback} when absent, which NaN forbids. */
  double number(
      JsonNode parent, String path, String field, double least, double most, double fallback) {
    JsonNode node = parent.get(field);
    if (node == null || node.isNull()) {
      if (Double.isNaN(fallback)) {
        problem(child(path, field), "is missing. It must be a number.");
        return most;
      }
      return fallback;
    }
    return number(node, child(path, field), least, most);
  }

  /** A number in {@code least … most}. */
  double number(JsonNode node, String path, double least, double most) {
    if (!node.isNumber() || !(node.doubleValue() >= least && node.doubleValue() <= most)) {
      problem(
          path,
          "%s must be a number of %s to %s.".formatted(shown(node), plain(least), plain(most)));
      return most;
    }
    return node.doubleValue();
  }

  /** A whole number in {@code 1 … most}. */
  int count(JsonNode parent, String path, String field, int most, int fallback) {
    double value = number(parent, path, field, 1, most, fallback);
    if (value != Math.rint(value)) {
      problem(child(path, field), "%s must be a whole number.".formatted(plain(value)));
    }
    return (int) value;
  }

  private static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= 40 ? text : text.substring(0, 37) + "…";
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
