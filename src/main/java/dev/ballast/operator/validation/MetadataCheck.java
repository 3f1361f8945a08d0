package dev.ballast.operator.validation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks {@code metadata} as the API server does; its form is in no CRD. */
record MetadataCheck(Findings findings) {
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Set<String> FIELDS =
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

  void check(@Nullable Object metadata) {
    if (metadata == null) {
      nameMissing();
      return;
    }
    if (!(metadata instanceof Map<?, ?>)) {
      findings.wrongType("metadata", "object", metadata);
      return;
    }
    Map<String, Object> fields = Schema.map(metadata);
    fields
        .keySet()
        .forEach(field -> {
          if (!FIELDS.contains(field)) {
            findings.unknownField(
                "metadata", field, List.of("name", "namespace", "labels", "annotations"));
          }
        });
    Object name = fields.get("name");
    if (name == null) {
      nameMissing();
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

  private void nameMissing() {
    findings.add("metadata.name", "is missing.", "Write metadata: {name: my-job}.");
  }

  private void dnsName(String path, Object value, Pattern form, int limit) {
    if (!(value instanceof String text)) {
      findings.wrongType(path, "string", value);
    } else if (text.length() > limit) {
      findings.add(path, "has %d characters; at most %d.".formatted(text.length(), limit), "");
    } else if (!form.matcher(text).matches()) {
      String mended =
          text.toLowerCase(Locale.ROOT)
              .replaceAll("[^a-z0-9.-]+", "-")
              .replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
      findings.add(
          path,
          "%s is not a DNS name (lower-case letters, digits and '-')."
              .formatted(Findings.shown(text)),
          form.matcher(mended).matches() ? "Maybe \"%s\"?".formatted(mended) : "");
    }
  }

  private void strings(String path, @Nullable Object value, boolean labels) {
    if (value == null) {
      return;
    }
    if (!(value instanceof Map<?, ?>)) {
      findings.wrongType(path, "object", value);
      return;
    }
    Schema.map(value)
        .forEach((key, entry) -> {
          String child = path + "." + key;
          if (!(entry instanceof String text)) {
            findings.wrongType(child, "string", entry);
          } else if (labels && !LABEL_VALUE.matcher(text).matches()) {
            findings.add(
                child,
                "%s cannot be a label.".formatted(Findings.shown(text)),
                "At most 63 letters, digits, '-', '_' and '.'.");
          }
        });
  }
}
