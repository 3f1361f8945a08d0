package dev.ballast.operator.validation;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.TestJob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Reads {@code TestJob} and {@code BrowserPool} documents from YAML or JSON, checked by the CRDs.
 * Thread-safe; make one and keep it.
 */
public final class ManifestReader {
  private static final String API_VERSION = "ballast.dev/v1alpha1";
  private static final String FOLDER = "/dev/ballast/operator/crds/";

  /** Half of the cost of a first reading, so it begins beside the rest of it. */
  private final FutureTask<Cel> cel = new FutureTask<>(Cel::new);

  private final Map<String, Supplier<ResourceRules>> rules =
      Map.of(
          "TestJob",
              once(() -> new ResourceRules(schema("testjobs.ballast.dev-v1.yml"), this::cel)),
          "BrowserPool",
              once(() -> new ResourceRules(schema("browserpools.ballast.dev-v1.yml"), this::cel)));
  private final ObjectMapper mapper =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** A file to read; {@code name} is how messages call it. */
  public record Source(String name, String text) {}

  /** Reads one file of one or several documents. */
  public Manifests read(String fileName, String text) {
    return read(List.of(new Source(fileName, text)));
  }

  /** Reads several files together: no two resources of one kind may share a name. */
  public Manifests read(List<Source> sources) {
    if (!cel.isDone()) {
      Thread.ofPlatform().daemon().name("cel").start(cel);
    }
    List<Manifests.Document> documents = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Map<String, Origin> names = new HashMap<>();
    for (Source source : sources) {
      YamlReader.Reading reading = YamlReader.read(source.name(), source.text());
      problems.addAll(reading.problems());
      if (reading.documents().isEmpty() && reading.problems().isEmpty()) {
        problems.add(new Problem(source.name(), 0, "", "holds no TestJob and no BrowserPool.", ""));
      }
      for (YamlDocument document : reading.documents()) {
        document(document, names, documents, problems);
      }
    }
    return problems.isEmpty() ? new Manifests.Accepted(documents) : new Manifests.Refused(problems);
  }

  private void document(
      YamlDocument document,
      Map<String, Origin> names,
      List<Manifests.Document> documents,
      List<Problem> problems) {
    Map<String, Object> content = document.content();
    Origin origin = document.origin();
    if (!isOurs(content, origin, problems)) {
      return;
    }
    String kind = (String) content.getOrDefault("kind", "");
    List<Problem> found =
        new ArrayList<>(Objects.requireNonNull(rules.get(kind)).get().check(content, origin));
    if (content.get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("name") instanceof String name) {
      Object namespace = metadata.get("namespace");
      String id = "%s %s/%s".formatted(kind, namespace == null ? "default" : namespace, name);
      Origin first = names.putIfAbsent(id, origin);
      if (first != null) {
        found.add(
            origin.problem(
                "metadata.name",
                "there is already a %s \"%s\" (%s:%d)."
                    .formatted(kind, name, first.file(), first.line()),
                "Rename one of them."));
      }
    }
    problems.addAll(found);
    if (found.isEmpty()) {
      documents.add(
          kind.equals("TestJob")
              ? new Manifests.Document.Job(mapper.convertValue(content, TestJob.class), origin)
              : new Manifests.Document.Pool(
                  mapper.convertValue(content, BrowserPool.class), origin));
    }
  }

  private boolean isOurs(Map<String, Object> content, Origin origin, List<Problem> problems) {
    int before = problems.size();
    oneOf("apiVersion", content, List.of(API_VERSION), origin, problems);
    oneOf("kind", content, rules.keySet().stream().sorted().toList(), origin, problems);
    return problems.size() == before;
  }

  private static void oneOf(
      String field,
      Map<String, Object> content,
      List<String> known,
      Origin origin,
      List<Problem> problems) {
    Object value = content.get(field);
    if (value == null) {
      problems.add(origin.problem(field, "is missing.", Suggestions.advice("", known)));
    } else if (!known.contains(value)) {
      String text = String.valueOf(value);
      problems.add(
          origin.problem(
              field,
              "%s is not known here.".formatted(Findings.shown(text)),
              Suggestions.advice(text, known)));
    }
  }

  private Cel cel() {
    try {
      return cel.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("CEL does not start", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading manifests", e);
    }
  }

  private static Schema schema(String file) {
    try (InputStream stream = ManifestReader.class.getResourceAsStream(FOLDER + file)) {
      if (stream == null) {
        throw new IllegalStateException(file + " is missing in the jar");
      }
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, Object> crd = YamlReader.read(file, text).documents().getFirst().content();
      List<?> versions = (List<?>) at(crd, "spec", "versions");
      Map<String, Object> version = Schema.map(versions.getFirst());
      return Schema.of(Schema.map(at(version, "schema", "openAPIV3Schema")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object at(Map<String, Object> map, String outer, String inner) {
    return Schema.map(map.getOrDefault(outer, Map.of())).getOrDefault(inner, Map.of());
  }

  private static <T> Supplier<T> once(Supplier<T> maker) {
    return com.google.common.base.Suppliers.memoize(maker::get);
  }
}
