package dev.ballast.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ManifestReaderTest {
  private static final ManifestReader READER = new ManifestReader();
  private static final String JOB =
      """
      apiVersion: ballast.dev/v1alpha1
      kind: TestJob
      metadata: {name: job}
      spec:
        matrix:
          models: [{name: vad, family: audio, source: "builtin:silero-vad"}]
          backends: [webgpu, wsam]
      """;

  @Test
  void aProblemSaysWhereWhatAndWhatWasMeant() {
    assertThat(READER.read("jobs.yaml", JOB))
        .hasToString(
            "jobs.yaml:7 spec.matrix.backends[1]: \"wsam\" is not a backend. Maybe \"wasm\"?"
                + " Known here: wasm, webgl, webgpu, webnn.");
  }

  @Test
  void jsonIsReadTheSame() {
    assertThat(
            READER.read(
                "job.json",
                """
                {"apiVersion": "ballast.dev/v1alpha1", "kind": "TestJob", "metadata": {"name": "job"},
                 "spec": {"matrix": {"repetitions": 0, "models":
                   [{"name": "vad", "family": "audio", "source": "builtin:silero-vad"}]}}}
                """))
        .hasToString("job.json:2 spec.matrix.repetitions: 0 is too small; at least 1.");
  }

  @Test
  void everyProblemOfAllFilesIsSaidAtOnce() {
    Manifests manifests =
        READER.read(
            List.of(
                new ManifestReader.Source("a.yaml", JOB.replace("audio", "auido")),
                new ManifestReader.Source("b.yaml", JOB.replace("kind: TestJob", "kind: TstJob"))));

    assertThat(((Manifests.Refused) manifests).problems())
        .extracting(Problem::file, Problem::fieldPath)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("a.yaml", "spec.matrix.models[0].family"),
            org.assertj.core.groups.Tuple.tuple("a.yaml", "spec.matrix.backends[1]"),
            org.assertj.core.groups.Tuple.tuple("b.yaml", "kind"));
  }

  @Test
  void twoFilesCannotHoldJobsOfOneName() {
    String job = JOB.replace("wsam", "wasm");

    assertThat(
            READER.read(
                List.of(
                    new ManifestReader.Source("a.yaml", job),
                    new ManifestReader.Source("b.yaml", job))))
        .hasToString(
            "b.yaml:3 metadata.name: there is already a TestJob \"job\" (a.yaml:1). Rename one of"
                + " them.");
  }

  @Test
  void anAnchorMayBeUsedAgain() {
    String text =
        """
        apiVersion: ballast.dev/v1alpha1
        kind: TestJob
        metadata: {name: job}
        spec:
          matrix:
            models:
              - &vad {name: vad, family: audio, source: "builtin:silero-vad"}
              - {<<: *vad, name: again}
        """;

    assertThat(READER.read("job.yaml", text)).isInstanceOf(Manifests.Accepted.class);
  }

  @Test
  void aBombOfAliasesIsRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d, ".formatted(i - 1).repeat(5)).append("]\n");
    }

    assertThat(READER.read("bomb.yaml", bomb.toString())).isInstanceOf(Manifests.Refused.class);
  }

  @Test
  void anAliasOfItselfIsRefused() {
    assertThat(READER.read("loop.yaml", "a: &a [*a]\nb: &b {<<: *b}\n"))
        .isInstanceOf(Manifests.Refused.class);
  }

  @Test
  void anEmptyFileIsRefused() {
    assertThat(READER.read("empty.yaml", "# nothing\n---\n"))
        .hasToString("empty.yaml: holds no TestJob and no BrowserPool.");
  }

  @Test
  void aHugeFileIsRefusedUnread() {
    assertThat(READER.read("huge.yaml", "#".repeat(2_000_000)))
        .hasToString(
            "huge.yaml: has 2,000,000 characters; at most 1,048,576 are read. Split it into several"
                + " files.");
  }

  @Test
  void aStatusIsNotTheUsersToWrite() {
    Manifests manifests =
        READER.read("job.yaml", JOB.replace("wsam", "wasm") + "status: {phase: Complete}\n");

    assertThat(((Manifests.Accepted) manifests).jobs().getFirst().job().getStatus()).isNull();
  }

  @Property(tries = 1500)
  void randomEditsGiveProblemsNotExceptions(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    List<String> samples = List.of("quickstart", "own-model", "own-page", "pools");
    Path sample = Path.of("k8s", "samples", samples.get(random.nextInt(4)) + ".yaml");
    StringBuilder text = new StringBuilder(Files.readString(sample));
    List<String> pieces =
        List.of(
            ":",
            "-",
            "  ",
            "\n",
            "{",
            "}",
            "[",
            "]",
            "&a ",
            "*a",
            "!!int ",
            "|\n",
            "\"",
            "null",
            "1e9",
            "0x10",
            "-1",
            "true",
            "\t",
            "---\n",
            "<<: ",
            "? ",
            "\u0000",
            "é",
            "9".repeat(30));
    int edits = 1 + random.nextInt(4);
    for (int i = 0; i < edits && text.length() > 2; i++) {
      int at = random.nextInt(text.length() - 1);
      int until = Math.min(text.length(), at + random.nextInt(12));
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, pieces.get(random.nextInt(pieces.size())));
        case 1 -> text.delete(at, until);
        default -> text.replace(at, until, pieces.get(random.nextInt(pieces.size())));
      }
    }

    Manifests manifests = READER.read("edited.yaml", text.toString());

    if (manifests instanceof Manifests.Refused refused) {
      assertThat(refused.problems())
          .isNotEmpty()
          .allSatisfy(problem -> assertThat(problem.message()).isNotBlank());
    } else {
      var translator = new JobTranslator(List.of("silero-vad"));
      ((Manifests.Accepted) manifests)
          .jobs()
          .forEach(job ->
              assertThat(translator.translate(job.job(), sample.toAbsolutePath())).isNotNull());
      ((Manifests.Accepted) manifests)
          .pools()
          .forEach(pool -> assertThat(PoolTranslator.translate(pool.pool())).isNotNull());
    }
  }
}
