package dev.ballast.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelSource;
import dev.ballast.model.TestModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples are right, and those in {@code wrong/} are refused as their first line says. */
class SamplesTest {
  private static final Path SAMPLES = Path.of("k8s", "samples");
  private static final Pattern EXPECTATION = Pattern.compile("# expect: (\\d+) (\\S*): (.+)");

  private final ManifestReader reader = new ManifestReader();

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleIsAccepted(Path sample) {
    assertThat(read(sample)).isInstanceOf(Manifests.Accepted.class);
  }

  @ParameterizedTest
  @MethodSource("wrongSamples")
  void aWrongSampleIsRefusedWhereItIsWrong(Path sample) throws IOException {
    String first = Files.readAllLines(sample).getFirst();
    Matcher expectation = EXPECTATION.matcher(first);
    assertThat(expectation.matches()).as("%s begins with: %s", sample, first).isTrue();

    Manifests manifests = read(sample);

    assertThat(manifests).isInstanceOf(Manifests.Refused.class);
    assertThat(((Manifests.Refused) manifests).problems())
        .as("%s", manifests)
        .anySatisfy(problem -> {
          assertThat(problem.line()).isEqualTo(Integer.parseInt(expectation.group(1)));
          assertThat(problem.fieldPath()).isEqualTo(expectation.group(2));
          assertThat(problem.message() + " " + problem.advice()).contains(expectation.group(3));
        });
  }

  @Test
  void thereAreManyWrongSamples() {
    assertThat(wrongSamples()).hasSizeGreaterThanOrEqualTo(30);
  }

  @Test
  void quickstartRunsEveryBuiltinModel() {
    List<JobSpec> jobs = jobs(SAMPLES.resolve("quickstart.yaml"));

    assertThat(jobs)
        .extracting(JobSpec::name)
        .containsExactly("quickstart", "quickstart-llm", "quickstart-webgpu", "quickstart-webnn");
    assertThat(jobs.subList(0, 2))
        .flatExtracting(JobSpec::models)
        .extracting(TestModel::name)
        .containsExactly("silero-vad", "ppocr-cls", "ppocr-det", "minilm-l6-v2", "tiny-decoder");
    assertThat(jobs.getFirst().taskCount()).isEqualTo(12);
  }

  @Test
  void theFileOfOnesOwnModelIsFoundBesideTheJob() {
    ModelSource source =
        jobs(SAMPLES.resolve("own-model.yaml")).getFirst().models().getFirst().source();

    assertThat(source).isInstanceOf(ModelSource.Remote.class);
    assertThat(((ModelSource.Remote) source).location().toString()).endsWith("models/matmul.onnx");
  }

  private List<JobSpec> jobs(Path sample) {
    var translator =
        new JobTranslator(
            List.of("silero-vad", "ppocr-cls", "ppocr-det", "minilm-l6-v2", "tiny-decoder"));
    return ((Manifests.Accepted) read(sample))
        .jobs().stream()
            .map(job ->
                translator.translate(
                    job.job(), Optional.ofNullable(sample.getParent()), job.origin()))
            .map(translation -> ((Translation.Translated) translation).spec())
            .toList();
  }

  private Manifests read(Path sample) {
    try {
      return reader.read(sample.getFileName().toString(), Files.readString(sample));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> samples() {
    return yaml(SAMPLES);
  }

  static List<Path> wrongSamples() {
    return yaml(SAMPLES.resolve("wrong"));
  }

  private static List<Path> yaml(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
