package dev.ballast.cli.compare;

import dev.ballast.model.Adapter;
import dev.ballast.model.AttemptResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where results were measured. Times of unlike environments say nothing of what changed in a model
 * or a page. That the machine has another name, or the model file changed, is told but does no
 * harm: the one is usual in CI, the other is what people want to compare.
 */
final class Environment {
  /** One property, and whether it must be alike. */
  private record Property(
      String name, boolean required, Function<AttemptResult, @Nullable String> value) {}

  private static final List<Property> PROPERTIES =
      List.of(
          new Property("machine", false, AttemptResult::node),
          new Property("os", true, AttemptResult::os),
          new Property("adapter", true, result -> adapter(result.adapter())),
          new Property("model", false, Environment::modelFile),
          new Property(
              "arguments",
              true,
              result ->
                  result.browser() == null
                      ? null
                      : result.browser().kind() + " " + result.browser().arguments()),
          new Property(
              "browser",
              true,
              result ->
                  result.browser() == null
                      ? null
                      : result.browser().kind() + " " + result.browser().version()),
          new Property(
              "engine",
              true,
              result ->
                  result.runtime() == null
                      ? null
                      : result.runtime().name() + " " + result.runtime().version()));

  /** What must be alike, unless somebody allows that it is not. */
  static final List<String> REQUIRED =
      PROPERTIES.stream().filter(Property::required).map(Property::name).toList();

  private Environment() {}

  /** A property that is not alike: what the base had, and what the new report has. */
  record Difference(String property, boolean required, String base, String changed) {
    @Override
    public String toString() {
      return "%s: %s, now %s".formatted(property, base, changed);
    }
  }

  static List<Difference> differences(List<AttemptResult> base, List<AttemptResult> changed) {
    Map<Property, Difference> found = new LinkedHashMap<>();
    for (Property property : PROPERTIES) {
      Set<String> before = values(base, property);
      Set<String> after = values(changed, property);
      if (!before.equals(after)) {
        found.put(
            property,
            new Difference(
                property.name(), property.required(), only(before, after), only(after, before)));
      }
    }
    return List.copyOf(found.values());
  }

  private static Set<String> values(List<AttemptResult> results, Property property) {
    return results.stream()
        .map(property.value())
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String only(Set<String> these, Set<String> others) {
    String text =
        these.stream().filter(value -> !others.contains(value)).collect(Collectors.joining(", "));
    return text.isEmpty() ? "no other" : text;
  }

  private static @Nullable String modelFile(AttemptResult result) {
    String sha256 = result.model().sha256();
    return sha256 == null
        ? null
        : result.model().name() + " " + sha256.substring(0, Math.min(12, sha256.length()));
  }

  private static @Nullable String adapter(@Nullable Adapter adapter) {
    return adapter == null
        ? null
        : "%s %s %s%s"
            .formatted(
                adapter.vendor(),
                adapter.architecture(),
                adapter.description(),
                adapter.software() ? " (software)" : "");
  }
}
