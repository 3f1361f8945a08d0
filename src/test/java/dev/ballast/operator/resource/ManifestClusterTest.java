package dev.ballast.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import dev.ballast.operator.TestingCluster;
import dev.ballast.operator.validation.ManifestReader;
import dev.ballast.operator.validation.Manifests;
import dev.ballast.operator.validation.Problem;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API server accepts and refuses the same manifests as the command line, for the same rule. */
class ManifestClusterTest {
  private static final Path SAMPLES = Path.of("k8s", "samples");

  /** Wrong only together with another file or document, or not a request an API server gets. */
  private static final Set<String> ONLY_LOCAL =
      Set.of(
          "name-twice.yaml",
          "no-kind.yaml",
          "unknown-kind.yaml",
          "unknown-version.yaml",
          "yaml-tab.yaml",
          "yaml-unclosed.yaml",
          "no-name.yaml");

  private final KubernetesClient client = TestingCluster.shared().client();
  private final ManifestReader reader = new ManifestReader();

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleIsAccepted(Path sample) {
    for (String document : documents(sample)) {
      assertThat(refusal(document)).as(document).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("wrongSamples")
  void aWrongSampleIsRefusedByTheServerForWhatTheCommandLineRefuses(Path sample) {
    List<Problem> local =
        ((Manifests.Refused) reader.read(sample.getFileName().toString(), read(sample))).problems();

    List<Status> refusals =
        documents(sample).stream().flatMap(document -> refusal(document).stream()).toList();

    assertThat(refusals).as("refusals of %s", sample).isNotEmpty();
    for (Problem problem : local) {
      assertThat(refusals)
          .as("the API server says nothing of: %s", problem)
          .anySatisfy(refusal -> assertThat(saysTheSame(refusal, problem)).isTrue());
    }
  }

  @Test
  void atLeastFortyWrongManifestsAreRefusedByTheServer() {
    assertThat(wrongSamples()).hasSizeGreaterThanOrEqualTo(40);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theTextOfARuleIsTheSameInBothPlaces(Path sample) {
    List<Problem> local =
        ((Manifests.Refused) reader.read(sample.getFileName().toString(), read(sample))).problems();
    String server =
        String.join(
            "\n",
            documents(sample).stream()
                .flatMap(document -> refusal(document).stream())
                .map(Status::getMessage)
                .toList());

    for (Problem problem : local) {
      assertThat(server).contains(ruleOf(problem));
    }
  }

  /** The wrong samples that break a CEL rule: their whole text is ours. */
  static List<Path> rules() {
    ManifestReader reader = new ManifestReader();
    String crds =
        read(Path.of("crds/testjobs.ballast.dev-v1.yml"))
            + read(Path.of("crds/browserpools.ballast.dev-v1.yml"));
    String flat = crds.replaceAll("\\\\\n *\\\\?", "").replaceAll("\\s+", " ");
    List<Path> rules =
        wrongSamples().stream()
            .filter(sample ->
                ((Manifests.Refused) reader.read("", read(sample)))
                    .problems().stream()
                        .allMatch(problem ->
                            flat.contains("message: \"" + ruleOf(problem))
                                || flat.contains(" " + ruleOf(problem) + "\"")))
            .toList();
    assertThat(rules).hasSizeGreaterThan(10);
    return rules;
  }

  /** A cause about the same field, or the field named in the refusal's text. */
  private static boolean saysTheSame(Status refusal, Problem problem) {
    List<StatusCause> causes =
        refusal.getDetails() == null ? List.of() : refusal.getDetails().getCauses();
    String path = problem.fieldPath();
    return causes.stream()
            .map(StatusCause::getField)
            .filter(Objects::nonNull)
            .anyMatch(field -> plain(field).equals(path) || path.startsWith(plain(field) + "["))
        || refusal.getMessage().contains(withoutStop(problem.message()))
        || namesIt(refusal.getMessage(), path);
  }

  /** Errors of decoding name the map, not its key. */
  private static boolean namesIt(String text, String path) {
    List<String> parts = Splitter.on('.').splitToList(path.replaceAll("\\[[0-9]+]", ""));
    int enough = text.contains("cannot unmarshal") ? 2 : 1;
    return text.contains(path)
        || parts.subList(Math.max(0, parts.size() - enough), parts.size()).stream()
            .anyMatch(part -> Pattern.compile("\\b" + part + "\\b").matcher(text).find());
  }

  private static String plain(String field) {
    return field.replaceAll("\\[([a-zA-Z][^]]*)]", ".$1");
  }

  /** The rule's own text: a message of the CRD cannot name the value, as we do behind it. */
  private static String ruleOf(Problem problem) {
    return withoutStop(problem.message().replaceFirst(" \\((it is [^()]*|\"[^\"]*\")\\)\\.$", "."));
  }

  private static String withoutStop(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  /** What the server answers to a strict dry run; empty: it accepts. */
  private Optional<Status> refusal(String document) {
    String plural = document.contains("kind: BrowserPool") ? "browserpools" : "testjobs";
    String url =
        client.getMasterUrl()
            + "apis/ballast.dev/v1alpha1/namespaces/default/%s?dryRun=All&fieldValidation=Strict"
                .formatted(plural);
    try {
      HttpResponse<String> response =
          client
              .getHttpClient()
              .sendAsync(
                  client
                      .getHttpClient()
                      .newHttpRequestBuilder()
                      .uri(url)
                      .post("application/yaml", document)
                      .build(),
                  String.class)
              .join();
      return response.isSuccessful()
          ? Optional.empty()
          : Optional.of(new ObjectMapper().readValue(response.body(), Status.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> documents(Path sample) {
    List<String> documents = new ArrayList<>();
    for (String document : Splitter.on(Pattern.compile("(?m)^---\\s*$")).split(read(sample))) {
      if (document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#"))) {
        documents.add(document);
      }
    }
    return documents;
  }

  static List<Path> samples() {
    return yaml(SAMPLES);
  }

  static List<Path> wrongSamples() {
    return yaml(SAMPLES.resolve("wrong")).stream()
        .filter(sample -> !ONLY_LOCAL.contains(sample.getFileName().toString()))
        .toList();
  }

  private static List<Path> yaml(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
