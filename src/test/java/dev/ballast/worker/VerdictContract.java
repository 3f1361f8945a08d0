package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.ModelInput;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions.Isolation;
import dev.ballast.model.Verdict.Level;
import dev.ballast.model.Verdict.Reason;
import dev.ballast.worker.browser.TestingWindows;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * One fault of measuring at a time, made in a real browser, and the one reason that the verdict
 * then has. What the machine may add by itself while other tests run is left out: see {@link
 * #reasons(AttemptResult)}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VerdictContract {
  /**
   * A page that measures a loop of about 1 ms with its own clock, and says nothing of that clock.
   */
  private static final String SELF_MEASURING =
      """
      <!doctype html><title>own</title><script>
      function start(job, report) {
        const samples = [];
        let sum = 0;
        const work = (times) => {
          for (let i = 0; i < times; i++) sum += Math.sqrt(i);
        };
        // Compiled first, or what follows is quicker than the count of chunks says.
        for (let until = performance.now() + 200; performance.now() < until; ) work(20000);
        // The best of five: in one of them others may have had the processor.
        let chunks = 0;
        for (let window = 0; window < 5; window++) {
          const begun = performance.now();
          let done = 0;
          for (; performance.now() - begun < 50; done++) work(20000);
          chunks = Math.max(chunks, done);
        }
        for (let n = 0; n < 60; n++) {
          const from = performance.now();
          work((20000 * chunks) / 50);
          samples.push(performance.now() - from);
        }
        report({nonce: job.nonce, type: 'samples', samples, discarded: [sum > 0 ? 1 : 0] %s});
        report({nonce: job.nonce, type: 'done'});
      }
      </script>
      """;

  @TempDir static Path folder;

  private TestingFleet fleet;

  abstract String kind();

  @BeforeAll
  void start() throws Exception {
    fleet = new TestingFleet(folder, kind());
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  void aCleanRunHasNoReasonAndSaysHowItsSamplesWereTaken() throws Exception {
    AttemptResult result = fleet.run(TestingJob.builtin("silero-vad").spec());

    assertThat(reasons(result)).isEmpty();
    AttemptResult.Sampling sampling = result.sampling();
    assertThat(sampling.warmupRuns()).isGreaterThanOrEqualTo(3);
    assertThat(sampling.blocks().stream().mapToInt(AttemptResult.Block::samples).sum())
        .isEqualTo(result.samples().size());
    assertThat(sampling.blocks()).hasSizeGreaterThanOrEqualTo(2);
    // However short an inference is: 20 steps of the clock at least go into one sample.
    assertThat(sampling.inferencesPerSample() * result.summary().p50())
        .isGreaterThanOrEqualTo(20 * sampling.timerResolutionMillis());
  }

  @Test
  void aRasteriserIsASoftwareAdapter() throws Exception {
    TestingJob job = TestingJob.builtin("silero-vad").on(Backend.WEBGPU).warmups(1);

    AttemptResult result = fleet.run(job.iterations(1, 1).spec());

    assertThat(reasons(result)).containsExactly(Reason.SOFTWARE_ADAPTER);
    assertThat(result.verdict().level()).isEqualTo(Level.FLAGGED);
  }

  /** The engine has no WebGPU kernel for 64-bit integers, and says nothing: it uses the CPU's. */
  @Test
  void aModelThatSilentlyRanOnTheProcessorIsABackendFallback() throws Exception {
    TestingJob job =
        TestingJob.of(file("integers.onnx", TestingOnnx.model("Add", 2, TestingOnnx.INT64)))
            .fed(new ModelInput("x", "int64", List.of(TestingOnnx.LENGTH), "ramp"))
            .on(Backend.WEBGPU);

    AttemptResult result = fleet.run(job.spec());

    assertThat(reasons(result)).containsExactly(Reason.BACKEND_FALLBACK);
    assertThat(result.verdict().level()).isEqualTo(Level.REJECTED);
    assertThat(result.backend().actual()).isEqualTo(Backend.WASM);
  }

  /** Silero VAD on the engine's native WebGPU build: 0.1017, where WebAssembly says 0.0463. */
  @Test
  void aModelThatABackendComputesWronglyIsRejected() throws Exception {
    URI shipped = VerdictContract.class.getResource("/models/silero-vad.onnx").toURI();
    byte[] model = TestingOnnx.fixed(Files.readAllBytes(Path.of(shipped)), "sr", 16_000);
    TestingJob job =
        TestingJob.of(file("user.onnx", model))
            .fed(
                new ModelInput("input", "float32", List.of(1, 512), "random"),
                new ModelInput("state", "float32", List.of(2, 1, 128), "zeros"))
            .on(Backend.WEBGPU)
            .warmups(1)
            .iterations(1, 1);

    AttemptResult result = fleet.run(job.spec());

    assertThat(result.correctness().reference()).isEqualTo("wasm");
    assertThat(result.correctness().maxError()).isGreaterThan(result.correctness().tolerance());
    assertThat(reasons(result)).containsExactly(Reason.SOFTWARE_ADAPTER, Reason.WRONG_OUTPUT);
    assertThat(result.verdict().level()).isEqualTo(Level.REJECTED);
  }

  @Test
  void anOutputThatThePageSaysIsNotTheRightOneIsRejectedWithoutANumber() throws Exception {
    String page =
        SELF_MEASURING
            .replace("chunks) / 50", "chunks) / 12")
            .formatted(
                ", correctness: {reference: 'page', maxError: null, tolerance: 1e-3, matches: false}");

    AttemptResult result = fleet.run(TestingJob.of(isolated(page)).spec());

    assertThat(reasons(result)).containsExactly(Reason.WRONG_OUTPUT);
    assertThat(result.verdict().level()).isEqualTo(Level.REJECTED);
    assertThat(result.correctness().maxError()).isNull();
  }

  @Test
  void theLogarithmOfZeroIsNotFinite() throws Exception {
    TestingJob job =
        TestingJob.of(file("log.onnx", TestingOnnx.model("Log", 1, TestingOnnx.FLOAT)))
            .fed(new ModelInput("x", "float32", List.of(TestingOnnx.LENGTH), "zeros"));

    AttemptResult result = fleet.run(job.spec());

    assertThat(reasons(result)).containsExactly(Reason.NOT_FINITE);
    assertThat(result.verdict().level()).isEqualTo(Level.REJECTED);
  }

  @Test
  void withoutWarmUpItIsCold() throws Exception {
    AttemptResult result = fleet.run(TestingJob.builtin("ppocr-cls").warmups(0).spec());

    assertThat(reasons(result)).containsExactly(Reason.COLD);
    assertThat(result.sampling().warmupRuns()).isZero();
  }

  @Test
  void threeSamplesAreTooFew() throws Exception {
    AttemptResult result = fleet.run(TestingJob.builtin("ppocr-cls").iterations(1, 3).spec());

    assertThat(result.verdict().reasons()).contains(Reason.TOO_FEW_SAMPLES);
    assertThat(reasons(result)).isEmpty();
  }

  @Test
  void aModelWithRandomWeightsSaysSo() throws Exception {
    AttemptResult result = fleet.run(TestingJob.builtin("tiny-decoder").spec());

    assertThat(reasons(result)).containsExactly(Reason.RANDOM_WEIGHTS);
  }

  @Test
  void anEndlessLoopOnEveryCoreIsNoise() throws Exception {
    TestingJob job =
        TestingJob.builtin("ppocr-cls").target(0.01, Duration.ofSeconds(1), Isolation.EXCLUSIVE);
    List<Process> hogs = new ArrayList<>();
    try {
      for (int core = 0; core < Runtime.getRuntime().availableProcessors(); core++) {
        hogs.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
      }
      AttemptResult result = fleet.run(job.spec());

      assertThat(result.verdict().reasons()).contains(Reason.NOISY);
      assertThat(reasons(result)).isEmpty();
    } finally {
      hogs.forEach(Process::destroyForcibly);
    }
  }

  /** What no number of inferences mends: the page takes its samples itself, with a coarse clock. */
  @Test
  void aPageWithoutIsolationHasACoarseClock() throws Exception {
    String page = SELF_MEASURING.formatted("");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = page.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/page.html");

      AttemptResult bare = fleet.run(TestingJob.of(new ModelSource.Page(url)).spec());
      AttemptResult isolated = fleet.run(TestingJob.of(isolated(page)).spec());

      assertThat(reasons(bare)).containsExactly(Reason.COARSE_TIMER);
      assertThat(reasons(isolated)).as("%s %s", isolated.sampling(), isolated.samples()).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aTabBehindAnotherIsThrottled() throws Exception {
    TestingJob job = TestingJob.builtin("ppocr-cls");
    assertThat(reasons(fleet.run(job.spec()))).isEmpty();

    try (AutoCloseable _ = TestingWindows.openInFrontOf(fleet.lastPage(kind()))) {
      assertThat(reasons(fleet.run(job.spec()))).containsExactly(Reason.THROTTLED);
    }
  }

  /**
   * All reasons but those that the machine gives by itself while other tests run on it: then it may
   * be {@code noisy}, and a few samples may be too few.
   */
  private static Set<Reason> reasons(AttemptResult result) {
    assertThat(result.outcome()).as(result.message()).isEqualTo(Outcome.SUCCEEDED);
    EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);
    reasons.addAll(result.verdict().reasons());
    reasons.removeAll(EnumSet.of(Reason.NOISY, Reason.TOO_FEW_SAMPLES));
    return reasons;
  }

  private static ModelSource isolated(String page) throws Exception {
    Path file = Files.createTempFile(folder, "page", ".html");
    return new ModelSource.Page(Files.writeString(file, page).toUri());
  }

  private static ModelSource file(String name, byte[] bytes) throws Exception {
    Path file = Files.write(folder.resolve(name), bytes);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    return new ModelSource.Remote(file.toUri(), HexFormat.of().formatHex(hash));
  }
}
