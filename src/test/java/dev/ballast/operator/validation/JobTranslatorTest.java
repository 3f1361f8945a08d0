package dev.ballast.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Cell;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.operator.resource.ModelEntry;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTranslatorTest {
  private static final ManifestReader READER = new ManifestReader();
  private static final JobTranslator TRANSLATOR =
      new JobTranslator(List.of("silero-vad", "ppocr-cls"));
  private static final String HEAD =
      """
      apiVersion: ballast.dev/v1alpha1
      kind: TestJob
      metadata: {name: job, namespace: team}
      spec:
      """;
  private static final String OWN_MODEL =
      HEAD
          + """
            matrix:
              models:
                - name: own
                  family: vision
                  source: SOURCE
                  inputs: [{name: x, type: float16, shape: [1, 3], fill: ramp}]
          """;

  @TempDir Path folder;

  @Test
  void everythingThatIsWrittenArrives() {
    JobSpec job =
        translated(
            HEAD
                + """
                  poolSelector: {matchLabels: {gpu: nvidia}}
                  priority: 5
                  weight: 2
                  parallelism: 50
                  suspend: true
                  matrix:
                    models: [{name: vad, family: audio, source: "builtin:silero-vad"}]
                    backends: [webgpu, wasm]
                    browsers: [firefox, edge]
                    repetitions: 10
                  run: {warmupIterations: 0, minIterations: 1, maxIterations: 2, targetCiWidth: 2.5%,
                        maxDuration: 500ms, timeout: 2m, isolation: Shared}
                  requirements: {memory: 512Mi, hardwareAcceleration: Required}
                  backoffLimitPerIndex: 1
                  maxFailedIndexes: 3
                  activeDeadlineSeconds: 600
                  fallbackBackends: [wasm]
                """);

    assertThat(job.namespace()).isEqualTo("team");
    assertThat(job.name()).isEqualTo("job");
    assertThat(job.poolSelector()).containsEntry("gpu", "nvidia");
    assertThat(job.priority()).isEqualTo(5);
    assertThat(job.weight()).isEqualTo(2);
    assertThat(job.parallelism()).hasValue(50);
    assertThat(job.suspend()).isTrue();
    assertThat(job.models().getFirst().source()).isEqualTo(new ModelSource.Builtin("silero-vad"));
    assertThat(job.backends()).containsExactly(Backend.WEBGPU, Backend.WASM);
    assertThat(job.browsers()).containsExactly(BrowserKind.FIREFOX, BrowserKind.EDGE);
    assertThat(job.repetitions()).isEqualTo(10);
    assertThat(job.run())
        .isEqualTo(
            new RunOptions(
                0,
                1,
                2,
                0.025,
                Duration.ofMillis(500),
                Duration.ofMinutes(2),
                RunOptions.Isolation.SHARED));
    assertThat(job.requirements().memoryBytes()).hasValue(512L << 20);
    assertThat(job.requirements().hardwareAcceleration())
        .isEqualTo(Requirements.HardwareAcceleration.REQUIRED);
    assertThat(job.backoffLimitPerIndex()).isEqualTo(1);
    assertThat(job.maxFailedIndexes()).hasValue(3);
    assertThat(job.activeDeadline()).contains(Duration.ofMinutes(10));
    assertThat(job.fallbackBackends()).containsExactly(Backend.WASM);
  }

  @Test
  void theDefaultsOfTheCrdAreThoseOfTheModel() {
    JobSpec read =
        translated(
            HEAD
                + """
                  matrix:
                    models: [{name: vad, family: audio, source: "builtin:silero-vad"}]
                """);
    // Made without the CRD, as by a client that has not read it back from the API server.
    var bare = new TestJob();
    bare.setMetadata(new ObjectMetaBuilder().withName("job").withNamespace("team").build());
    bare.setSpec(withModelsOnly(read));

    assertThat(read.run()).isEqualTo(RunOptions.DEFAULTS);
    assertThat(read.requirements()).isEqualTo(Requirements.NONE);
    assertThat(TRANSLATOR.translate(bare, folder)).isEqualTo(new Translation.Translated(read));
  }

  @Property(tries = 30)
  void repetitionsAreInnermostAndModelsOutermost(
      @ForAll @IntRange(min = 1, max = 2) int backends,
      @ForAll @IntRange(min = 1, max = 2) int browsers,
      @ForAll @IntRange(min = 1, max = 4) int repetitions) {
    JobSpec job =
        translated(
            HEAD
                + """
                  matrix:
                    models:
                      - {name: vad, family: audio, source: "builtin:silero-vad"}
                      - {name: cls, family: vision, source: "builtin:ppocr-cls"}
                    backends: %s
                    browsers: %s
                    repetitions: %d
                """
                    .formatted(
                        List.of("webgpu", "wasm").subList(0, backends),
                        List.of("chrome", "firefox").subList(0, browsers),
                        repetitions));

    int index = 0;
    for (int model = 0; model < 2; model++) {
      for (int backend = 0; backend < backends; backend++) {
        for (int browser = 0; browser < browsers; browser++) {
          for (int repetition = 0; repetition < repetitions; repetition++) {
            assertThat(job.cell(index++))
                .isEqualTo(
                    new Cell(
                        job.models().get(model),
                        Optional.of(job.backends().get(backend)),
                        Optional.of(job.browsers().get(browser)),
                        repetition));
          }
        }
      }
    }
    assertThat(job.taskCount()).isEqualTo(index);
  }

  @Test
  void aFileIsFoundBesideTheJobAndItsHashTaken() throws IOException {
    Files.writeString(folder.resolve("own.onnx"), "abc");
    JobSpec job = translated(OWN_MODEL.replace("SOURCE", "own.onnx"));

    assertThat(job.models().getFirst().source())
        .isEqualTo(
            new ModelSource.Remote(
                folder.resolve("own.onnx").toUri(),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    assertThat(job.models().getFirst().inputs().getFirst().fill()).isEqualTo("ramp");
    assertThat(job.models().getFirst().inputs().getFirst().type()).isEqualTo("float16");
  }

  @Test
  void aFileUriIsAPathToo() throws IOException {
    Path file = Files.writeString(folder.resolve("own.onnx"), "abc");

    assertThat(translated(OWN_MODEL.replace("SOURCE", file.toUri().toString())))
        .isEqualTo(translated(OWN_MODEL.replace("SOURCE", "file:own.onnx")));
  }

  @Test
  void aFileWithAnotherHashIsRefused() throws IOException {
    Files.writeString(folder.resolve("own.onnx"), "abc");

    assertThat(refused(OWN_MODEL.replace("SOURCE", "own.onnx\n        sha256: " + "0".repeat(64))))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.fieldPath()).isEqualTo("spec.matrix.models[0].sha256");
          assertThat(problem.line()).isEqualTo(10);
          assertThat(problem.message()).contains("has the SHA-256 ba7816bf");
        });
  }

  @Test
  void aMissingFileIsNamedWithItsLine() {
    assertThat(refused(OWN_MODEL.replace("SOURCE", "gone.onnx")))
        .singleElement()
        .asString()
        .isEqualTo(
            "job.yaml:9 spec.matrix.models[0].source: there is no file %s. Relative paths begin at the job's file."
                .formatted(folder.toAbsolutePath().resolve("gone.onnx")));
  }

  @Test
  void aClusterHasNoFiles() {
    Manifests.Document.Job job = read(OWN_MODEL.replace("SOURCE", "own.onnx"));

    assertThat(TRANSLATOR.translate(job.job(), Optional.empty(), job.origin()))
        .asString()
        .contains("files can only be used in local runs");
  }

  @Test
  void anUnknownBuiltinModelIsRefusedWithTheOneThatWasMeant() {
    assertThat(
            refused(
                HEAD
                    + """
                      matrix:
                        models: [{name: vad, family: audio, source: "builtin:silero-vat"}]
                    """))
        .singleElement()
        .asString()
        .isEqualTo(
            "job.yaml:6 spec.matrix.models[0].source: \"silero-vat\" is not a builtin model."
                + " Maybe \"silero-vad\"? Known here: ppocr-cls, silero-vad.");
  }

  @Test
  void aPageTakesTheOneRowOfTheMatrix() {
    JobSpec job =
        translated(HEAD + "  page: {name: mine, url: \"http://127.0.0.1:8080/t.html\"}\n");

    assertThat(job.models()).hasSize(1);
    assertThat(job.models().getFirst().source())
        .isEqualTo(new ModelSource.Page(URI.create("http://127.0.0.1:8080/t.html")));
    assertThat(job.taskCount()).isEqualTo(1);
  }

  @Test
  void aPoolHasItsDefaults() {
    var manifests =
        (Manifests.Accepted)
            READER.read(
                "pool.yaml",
                """
                apiVersion: ballast.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: pool, labels: {gpu: none}}
                spec: {browser: chromium, arguments: [--headless=new]}
                """);

    PoolSettings pool = PoolTranslator.translate(manifests.pools().getFirst().pool());

    assertThat(pool.browser()).isEqualTo(BrowserKind.CHROMIUM);
    assertThat(pool.labels()).containsEntry("gpu", "none");
    assertThat(pool.replicas()).isEqualTo(1);
    assertThat(pool.slots()).isEqualTo(1);
    assertThat(pool.arguments()).containsExactly("--headless=new");
    assertThat(pool.circuitBreaker())
        .isEqualTo(new PoolSettings.CircuitBreaker(0.5, 10, Duration.ofSeconds(30)));
    assertThat(pool.recycle()).isEqualTo(new PoolSettings.Recycle(500, 512L << 20));
    assertThat(pool.drainTimeout()).isEqualTo(Duration.ofMinutes(10));
    var bare = manifests.pools().getFirst().pool();
    var spec = bare.getSpec();
    bare.setSpec(
        new dev.ballast.operator.resource.BrowserPoolSpec(
            spec.browser(),
            null,
            null,
            null,
            null,
            null,
            null,
            spec.arguments(),
            null,
            null,
            null,
            null,
            null,
            null));
    assertThat(PoolTranslator.translate(bare)).isEqualTo(pool);
  }

  private static TestJobSpec withModelsOnly(JobSpec job) {
    var models =
        job.models().stream()
            .map(model ->
                new ModelEntry(
                    model.name(),
                    dev.ballast.operator.resource.FamilyName.AUDIO,
                    "builtin:silero-vad",
                    null,
                    null))
            .toList();
    return new TestJobSpec(
        null,
        null,
        null,
        null,
        null,
        new TestJobSpec.Matrix(models, null, null, null),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private JobSpec translated(String text) {
    Manifests.Document.Job job = read(text);
    Translation translation =
        TRANSLATOR.translate(job.job(), Optional.ofNullable(folder), job.origin());
    assertThat(translation).isInstanceOf(Translation.Translated.class);
    return ((Translation.Translated) translation).spec();
  }

  private List<Problem> refused(String text) {
    Manifests.Document.Job job = read(text);
    return ((Translation.Refused)
            TRANSLATOR.translate(job.job(), Optional.of(folder), job.origin()))
        .problems();
  }

  private static Manifests.Document.Job read(String text) {
    Manifests manifests = READER.read("job.yaml", text);
    assertThat(manifests).as("%s", manifests).isInstanceOf(Manifests.Accepted.class);
    return ((Manifests.Accepted) manifests).jobs().getFirst();
  }
}
