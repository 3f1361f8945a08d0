package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the README as a user types them, and the exit codes that CI relies on. */
class RunProcessBrowserTest {
  private static final int MINUTES = 5 * 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  // Browsers may still be leaving when the test is over.
  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  @Test
  void quickstartMeasuresEveryModelInEveryBrowserAndNamesWhatItCouldNotPlace() throws Exception {
    Path report = folder.resolve("report.json");
    Path page = folder.resolve("report.html");

    assertThat(
            ballast(
                "quickstart",
                "--repetitions",
                "1",
                "--no-progress",
                "--report",
                "json=" + report,
                "--report",
                "html=" + page))
        .isZero();

    Set<String> measured = new HashSet<>();
    for (JsonNode result : JSON.readTree(report.toFile())) {
      assertThat(result.path("outcome").asText())
          .as(result.path("message").asText())
          .isEqualTo("succeeded");
      assertThat(result.path("verdict").path("level").asText()).isNotEqualTo("rejected");
      if (result.path("backend").path("actual").asText().equals("wasm")) {
        measured.add(
            result.path("model").path("name").asText()
                + " "
                + result.path("browser").path("kind").asText());
      }
    }
    assertThat(measured)
        .contains(
            "silero-vad chromium",
            "ppocr-cls chromium",
            "ppocr-det chromium",
            "minilm-l6-v2 chromium",
            "tiny-decoder chromium",
            "silero-vad firefox",
            "ppocr-cls firefox",
            "ppocr-det firefox",
            "minilm-l6-v2 firefox",
            "tiny-decoder firefox");
    assertThat(said()).contains("ppocr-cls webnn firefox  NoBackend");
    assertThat(folder.resolve("data/ballast.duckdb")).isNotEmptyFile();
    assertThat(page).content().contains("<html");
  }

  @Test
  void theSamplesOfAnOwnModelAndAnOwnPageSucceed() throws Exception {
    Path report = folder.resolve("report.json");

    assertThat(
            ballast(
                "run",
                "k8s/samples/own-model.yaml",
                "k8s/samples/own-page.yaml",
                "--browsers",
                "firefox",
                "--report",
                "json=" + report))
        .isZero();

    assertThat(JSON.readTree(report.toFile()))
        .hasSize(4)
        .allSatisfy(result -> {
          assertThat(result.path("outcome").asText()).isEqualTo("succeeded");
          assertThat(result.path("samples")).isNotEmpty();
        });
  }

  @Test
  void aPageThatThrowsIsExit1AndABackendThatNoBrowserHasIsExit3() throws Exception {
    Path page =
        Files.writeString(
            folder.resolve("page.html"),
            "<!doctype html><script>function start() { throw new Error('it broke'); }</script>");
    String job =
        """
        apiVersion: ballast.dev/v1alpha1
        kind: TestJob
        metadata: {name: NAME}
        spec:
          page: {name: page, family: other, url: PAGE}
          matrix: {backends: [BACKEND], repetitions: 1}
          backoffLimitPerIndex: 0
        """
            .replace("PAGE", page.getFileName().toString());

    int thrown = run(job.replace("NAME", "throws").replace("BACKEND", "wasm"));
    assertThat(thrown).as(said()).isEqualTo(1);
    assertThat(said()).contains("it broke");
    int nowhere = run(job.replace("NAME", "nowhere").replace("BACKEND", "webnn"));
    assertThat(nowhere).as(said()).isEqualTo(3);
    assertThat(said()).contains("NoBackend");
  }

  private int run(String job) throws Exception {
    Path file = Files.writeString(folder.resolve("job.yaml"), job);
    return ballast("run", file.toString(), "--browsers", "firefox");
  }

  private int ballast(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--data";
    all[arguments.length + 1] = folder.resolve("data").toString();
    try (TestingCommand command = TestingCommand.start(folder.resolve("output.log"), all)) {
      return command.await(MINUTES);
    }
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("output.log"));
  }
}
