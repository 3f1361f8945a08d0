package dev.ballast.operator.validation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The problems of one resource, in the order in which they are found, and how they are worded. */
final class Findings {
  private static final int SHOWN = 60;

  private final Origin origin;
  private final List<Problem> problems = new ArrayList<>();

  Findings(Origin origin) {
    this.origin = origin;
  }

  List<Problem> problems() {
    return problems;
  }

  void add(String path, String message, String advice) {
    problems.add(origin.problem(path, message, advice));
  }

  /** Whether the field was written down. */
  boolean names(String path) {
    return origin.lines().containsKey(path);
  }

  void unknownField(String path, String name, Collection<String> known) {
    add(
        path.isEmpty() ? name : path + "." + name,
        "there is no field \"%s\" here.".formatted(name),
        Suggestions.advice(name, known.stream().filter(field -> !field.equals("status")).toList()));
  }

  /** {@code type}: the word of OpenAPI for what it must be. */
  void wrongType(String path, String type, Object value) {
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
    boolean quote = type.equals("string") && (value instanceof Number || value instanceof Boolean);
    add(path, "must be %s, not %s.".formatted(expected, found), quote ? "Put it in quotes." : "");
  }

  void size(String path, int size, OptionalInt least, OptionalInt most, String unit) {
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

  /** In quotes, and not longer than a line can bear. */
  static String shown(String text) {
    return "\"%s\"".formatted(text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
  }
}
