package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TestModel;
import dev.ballast.model.Verdict;
import dev.ballast.worker.browser.InstalledBrowser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** WebNN from end to end, in the browser that {@code bin/webnn-browser} fetches. */
class WebnnAttemptBrowserTest {
  private static TestingStation station;

  @BeforeAll
  static void start() throws Exception {
    station = TestingStation.start(withWebnn());
  }

  @AfterAll
  static void stop() {
    station.close();
  }

  @Test
  void theBrowserSaysThatNodesReallyRanOnADevice() {
    assertThat(station.lastRequest().capability().backends()).contains(Backend.WASM, Backend.WEBNN);
    assertThat(station.lastRequest().capability().webnnDevices()).contains("cpu");
  }

  @Test
  void aModelThatWebnnTakesWholeMeetsItsGoldenOutput() throws Exception {
    AttemptResult result = run("ppocr-cls");

    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(result.backend().actual()).isEqualTo(Backend.WEBNN);
    assertThat(result.correctness().reference()).isEqualTo("golden");
    assertThat(result.correctness().maxError())
        .isLessThanOrEqualTo(result.correctness().tolerance());
    assertThat(result.verdict().level()).isNotEqualTo(Verdict.Level.REJECTED);
    assertThat(result.samples()).hasSizeGreaterThanOrEqualTo(10);
  }

  @Test
  void aModelThatWouldPartlyRunOnTheCpuIsNotCalledWebnn() throws Exception {
    AttemptResult result = run("silero-vad");

    assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(result.code()).isEqualTo("backend-unavailable");
    assertThat(result.samples()).isEmpty();
  }

  private static AttemptResult run(String model) throws Exception {
    RunOptions run =
        new RunOptions(
            2,
            10,
            40,
            0.05,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            RunOptions.Isolation.EXCLUSIVE);
    return station
        .run(
            new JobSpec(
                "default",
                model,
                Map.of(),
                0,
                1,
                OptionalInt.empty(),
                false,
                List.of(
                    new TestModel(
                        model, ModelFamily.VISION, new ModelSource.Builtin(model), List.of())),
                List.of(Backend.WEBNN),
                List.of(),
                1,
                run,
                Requirements.NONE,
                0,
                OptionalInt.empty(),
                Optional.empty(),
                List.of()))
        .getFirst();
  }

  /** What the script prints: {@code chromium=BINARY:DRIVER}. */
  private static InstalledBrowser withWebnn() throws Exception {
    Process script =
        new ProcessBuilder("bin/webnn-browser")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String entry =
        new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(script.waitFor()).isZero();
    String[] files = entry.substring(entry.indexOf('=') + 1).split(":", -1);
    return new InstalledBrowser(
        BrowserKind.CHROMIUM, Path.of(files[0]), Optional.of(Path.of(files[1])), "147");
  }
}
