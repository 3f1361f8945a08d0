package dev.ballast.operator.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code docs/reference.md}: what the CRDs say, for people who read rather than ask kubectl. */
final class ReferencePage {
  private static final String HEAD =
      """
      # Reference

      ```
      kubectl explain bpool.spec --recursive
      ```

      says on the cluster what this page says. It is made from [crds/](../crds): `mvn test -Dtest=CrdsTest,ReferenceTest -Dcrds.write=true`
      writes both anew, and a test fails when they differ from their classes. A field whose line says *required* must be there; an unknown
      field is refused by `kubectl apply` and pruned by the API server otherwise. `bin/ballast run --dry-run FILE` judges files by the
      same rules, with the same words, without a cluster.
      """;

  private final StringBuilder page = new StringBuilder(HEAD);
  private String kind = "";

  /** {@code crds}: in the order of the page. */
  static String of(List<JsonNode> crds) {
    ReferencePage made = new ReferencePage();
    crds.forEach(made::resource);
    return made.page.toString();
  }

  private void resource(JsonNode crd) {
    JsonNode names = crd.at("/spec/names");
    JsonNode version = crd.at("/spec/versions/0");
    JsonNode schema = version.at("/schema/openAPIV3Schema");
    kind = names.get("kind").asText();
    page.append("\n## %s\n\n%s\n\n".formatted(kind, cell(schema.get("description").asText())));
    page.append(
        "`apiVersion: %s/%s`, `kind: %s`, short name `%s`, category `%s`; namespaced.\n"
            .formatted(
                crd.at("/spec/group").asText(),
                version.get("name").asText(),
                kind,
                names.at("/shortNames/0").asText(),
                names.at("/categories/0").asText()));
    List<String> subresources = new ArrayList<>();
    version.get("subresources").fieldNames().forEachRemaining(subresources::add);
    page.append(
        "Sub-resources: %s.\n"
            .formatted(String.join(", ", subresources.stream().sorted().toList())));
    rules("of the whole resource", schema);
    object("spec", schema.at("/properties/spec"));
    object("status", schema.at("/properties/status"));
    columns(version.get("additionalPrinterColumns"));
  }

  /** A table of the object's fields, its rules, and then the objects within it. */
  private void object(String path, JsonNode schema) {
    page.append("\n### %s.%s\n\n".formatted(kind, path));
    if (schema.hasNonNull("description")) {
      page.append(cell(schema.get("description").asText())).append("\n\n");
    }
    page.append("| field | type | default | bounds | |\n|---|---|---|---|---|\n");
    List<Runnable> within = new ArrayList<>();
    schema
        .get("properties")
        .properties()
        .forEach(entry -> {
          String name = entry.getKey();
          JsonNode field = entry.getValue();
          boolean required = contains(schema.get("required"), name);
          page.append(
              "| `%s` | %s | %s | %s | %s |\n"
                  .formatted(
                      name,
                      type(field),
                      field.has("default") ? code(field.get("default").toString()) : "",
                      bounds(field),
                      (required ? "*required* " : "") + cell(field.path("description").asText())));
          if (field.has("properties")) {
            within.add(() -> object(path + "." + name, field));
          } else if (field.path("items").has("properties")) {
            within.add(() -> object(path + "." + name + "[]", field.get("items")));
          }
        });
    rules("of `" + path + "`", schema);
    within.forEach(Runnable::run);
  }

  private void rules(String of, JsonNode schema) {
    JsonNode rules = schema.path("x-kubernetes-validations");
    if (rules.isEmpty()) {
      return;
    }
    page.append(
        "\nRules %s:\n\n| what is refused says | the rule (CEL) |\n|---|---|\n".formatted(of));
    for (JsonNode rule : rules) {
      page.append(
          "| %s | %s |\n"
              .formatted(cell(rule.get("message").asText()), code(rule.get("rule").asText())));
    }
  }

  private void columns(JsonNode columns) {
    page.append(
        "\n### %s: what `kubectl get` prints\n\n| column | from | |\n|---|---|---|\n"
            .formatted(kind));
    for (JsonNode column : columns) {
      page.append(
          "| %s | `%s` | %s |\n"
              .formatted(
                  column.get("name").asText(),
                  column.get("jsonPath").asText(),
                  column.path("priority").asInt() > 0 ? "with `-o wide`" : ""));
    }
  }

  private static String type(JsonNode field) {
    if (field.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      return "anything";
    }
    String type = field.path("type").asText();
    if (type.equals("array")) {
      JsonNode key = field.at("/x-kubernetes-list-map-keys/0");
      return "list of "
          + type(field.get("items"))
          + (key.isMissingNode() ? "" : " by `" + key.asText() + "`");
    }
    return field.has("additionalProperties")
        ? "map of " + type(field.get("additionalProperties"))
        : type;
  }

  private static String bounds(JsonNode field) {
    List<String> bounds = new ArrayList<>();
    if (field.has("enum")) {
      List<String> values = new ArrayList<>();
      field.get("enum").forEach(value -> values.add(code(value.asText())));
      bounds.add(String.join(", ", values));
    }
    range(bounds, field, "minimum", "maximum", "");
    range(bounds, field, "minLength", "maxLength", " characters");
    range(bounds, field, "minItems", "maxItems", " entries");
    if (field.has("pattern")) {
      bounds.add(code(field.get("pattern").asText()));
    }
    if (field.has("items")) {
      String each = bounds(field.get("items"));
      if (!each.isEmpty()) {
        bounds.add("each: " + each);
      }
    }
    return String.join("; ", bounds);
  }

  private static void range(
      List<String> bounds, JsonNode field, String least, String most, String unit) {
    if (field.has(least) && field.has(most)) {
      bounds.add("%s–%s%s".formatted(number(field.get(least)), number(field.get(most)), unit));
    } else if (field.has(least)) {
      bounds.add("≥ %s%s".formatted(number(field.get(least)), unit));
    } else if (field.has(most)) {
      bounds.add("≤ %s%s".formatted(number(field.get(most)), unit));
    }
  }

  private static String number(JsonNode bound) {
    return String.format(Locale.ROOT, "%,d", bound.asLong());
  }

  private static boolean contains(JsonNode list, String value) {
    if (list != null) {
      for (JsonNode entry : list) {
        if (entry.asText().equals(value)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Code in a table's cell; a bar would end the cell. */
  private static String code(String text) {
    return "`" + text.replace("|", "\\|") + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }
}
