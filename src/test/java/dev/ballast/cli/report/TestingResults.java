package dev.ballast.cli.report;

import dev.ballast.cli.report.ReportData.JobState;
import dev.ballast.cli.report.ReportData.Unplaceable;
import dev.ballast.cli.report.ReportData.WrittenFile;
import dev.ballast.cli.report.html.HtmlReport;
import dev.ballast.model.Adapter;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport.Evidence;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Capability;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import dev.ballast.model.Verdict.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Made-up results for tests of reports; shaped like those of a small machine without a GPU. */
public final class TestingResults {
  public static final Instant START = Instant.parse("2026-01-01T10:00:00Z");
  public static final Adapter SOFTWARE =
      new Adapter("google", "swiftshader", "SwiftShader Device", true);

  private final Random random = new Random(7);
  final List<AttemptResult> results = new ArrayList<>();

  /** What a test wants to be different from a plain success. */
  public static final class Builder {
    String job = "quickstart";
    String model = "silero-vad";
    ModelFamily family = ModelFamily.AUDIO;
    String backend = "wasm";
    String requested = "wasm";
    String kind = "chromium";
    String version = "156.0.8078.73";
    int index;
    int attempt = 1;
    double[] samples = {1.0, 1.1, 0.9, 1.0};
    boolean warm = true;
    Outcome outcome = Outcome.SUCCEEDED;
    @Nullable String code;
    @Nullable String message;
    EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);

    public Builder job(String value) {
      job = value;
      return this;
    }

    public Builder model(String name, ModelFamily itsFamily) {
      model = name;
      family = itsFamily;
      return this;
    }

    public Builder on(String itsKind, String itsBackend) {
      kind = itsKind;
      version = itsKind.equals("firefox") ? "153.0" : "156.0.8078.73";
      backend = itsBackend;
      requested = itsBackend;
      return this;
    }

    public Builder version(String value) {
      version = value;
      return this;
    }

    public Builder index(int value) {
      index = value;
      return this;
    }

    public Builder attempt(int value) {
      attempt = value;
      return this;
    }

    public Builder samples(double... values) {
      samples = values;
      return this;
    }

    public Builder cold() {
      warm = false;
      return this;
    }

    public Builder reasons(Reason... values) {
      reasons.addAll(Arrays.asList(values));
      return this;
    }

    public Builder failed(Outcome how, @Nullable String itsCode, @Nullable String itsMessage) {
      outcome = how;
      code = itsCode;
      message = itsMessage;
      samples = new double[0];
      return this;
    }

    public AttemptResult build() {
      double sampled = Arrays.stream(samples).sum();
      Phases phases =
          new Phases(
              120,
              0.4,
              0,
              warm ? 0 : 38,
              warm ? 0 : 160,
              warm ? 0 : 41,
              3 * (samples.length == 0 ? 1 : samples[0]),
              sampled,
              12,
              9.5);
      boolean gpu = backend.equals("webgpu");
      return new AttemptResult(
          AttemptResult.SCHEMA,
          "default",
          job,
          "5f0c7e52",
          index,
          attempt,
          3,
          new AttemptResult.Model(model, family, "ab".repeat(32)),
          new AttemptResult.Engine("onnxruntime-web", "1.30.0"),
          new AttemptResult.Backends(new Backend(requested), new Backend(backend)),
          new BrowserInstance(
              new BrowserKind(kind),
              version,
              kind + "-1",
              kind.equals("firefox")
                  ? List.of("--headless", "--no-remote", "--remote-debugging-port=0")
                  : List.of(
                      "--headless", "--no-sandbox", "--disable-quic", "--enable-unsafe-webgpu")),
          gpu ? SOFTWARE : null,
          "worker-" + kind,
          "machine-1",
          "Debian GNU/Linux 12, x86-64, 2 cores",
          START,
          outcome == Outcome.SUCCEEDED ? phases : null,
          outcome == Outcome.SUCCEEDED ? phases.total() : null,
          warm,
          Arrays.stream(samples).boxed().toList(),
          samples.length == 0
              ? null
              : new AttemptResult.Sampling(
                  1,
                  0.005,
                  3,
                  List.of(
                      new AttemptResult.Block(
                          20, 320, samples.length, 1.04, 0.02, 0.0, 0.03, 1.01))),
          samples.length == 0 ? null : Summary.of(samples),
          outcome == Outcome.SUCCEEDED ? 413_138_944L + 1_000_000L * model.length() : null,
          new AttemptResult.Correctness("golden", 1e-6, 1e-3),
          outcome,
          code,
          message,
          Verdict.of(reasons));
    }
  }

  public static Builder result() {
    return new Builder();
  }

  double[] jittered(double millis, double spread, int n) {
    double[] samples = new double[n];
    double attempt = Math.exp(0.01 * random.nextGaussian());
    for (int i = 0; i < n; i++) {
      double collection = random.nextDouble() < 0.015 ? 1 + 3 * random.nextDouble() : 1;
      samples[i] = millis * attempt * Math.exp(spread * random.nextGaussian()) * collection;
    }
    return samples;
  }

  private void cell(
      String model,
      ModelFamily family,
      String kind,
      String backend,
      double millis,
      int n,
      int repetitions,
      Reason... reasons) {
    for (int i = 0; i < repetitions; i++) {
      Builder builder =
          result()
              .model(model, family)
              .on(kind, backend)
              .index(results.size())
              .samples(jittered(millis, 0.02, n))
              .reasons(reasons);
      results.add((i == 0 ? builder.cold() : builder).build());
    }
  }

  /** A whole run with something of everything. */
  public static ReportData quickstart() {
    TestingResults all = new TestingResults();
    String[] kinds = {"chromium", "firefox"};
    for (String kind : kinds) {
      boolean firefox = kind.equals("firefox");
      all.cell("silero-vad", ModelFamily.AUDIO, kind, "wasm", firefox ? 0.29 : 0.34, 120, 5);
      all.cell("ppocr-classify", ModelFamily.VISION, kind, "wasm", firefox ? 3.6 : 1.8, 100, 5);
      all.cell("ppocr-detect", ModelFamily.VISION, kind, "wasm", firefox ? 56.5 : 56, 14, 5);
      all.cell(
          "minilm-l6-v2", ModelFamily.TEXT_EMBEDDING, kind, "wasm", firefox ? 14.1 : 14, 40, 5);
      all.cell(
          "tiny-decoder",
          ModelFamily.LLM,
          kind,
          "wasm",
          firefox ? 92 : 71,
          12,
          5,
          Reason.RANDOM_WEIGHTS);
      all.cell(
          "silero-vad",
          ModelFamily.AUDIO,
          kind,
          "webgpu",
          firefox ? 130 : 9.2,
          20,
          2,
          Reason.SOFTWARE_ADAPTER,
          Reason.TOO_FEW_SAMPLES);
    }
    all.results.add(
        result()
            .index(all.results.size())
            .on("chromium", "webgpu")
            .samples(all.jittered(8.9, 0.03, 20))
            .reasons(Reason.SOFTWARE_ADAPTER, Reason.WRONG_OUTPUT)
            .build());
    AttemptResult crashed =
        result()
            .index(all.results.size())
            .model("ppocr-recognise", ModelFamily.VISION)
            .on("firefox", "webgpu")
            .attempt(2)
            .failed(
                Outcome.DEVICE_LOST,
                "device-lost",
                "the GPU process ended while the model ran (reason: unknown); tried 2 times")
            .build();
    all.results.add(crashed);
    List<Unplaceable> unplaceable = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      unplaceable.add(
          new Unplaceable(
              "quickstart",
              100 + i,
              "silero-vad",
              ModelFamily.AUDIO,
              Optional.of(Backend.WEBNN),
              Optional.of(i % 2 == 0 ? BrowserKind.CHROMIUM : BrowserKind.FIREFOX),
              "backend-unavailable",
              "no ready browser has webnn: navigator.ml.createContext failed in chromium 156, and"
                  + " firefox 153 has no navigator.ml"));
    }
    AttemptId failed = crashed.attemptId();
    return new ReportData(
        "k8s/samples/quickstart.yaml",
        "0.1.0",
        START.plusSeconds(84),
        Optional.of(Duration.ofSeconds(84)),
        Optional.of(new ReportData.SinceStart(Duration.ofMillis(6240), Duration.ofSeconds(91))),
        List.of(
            new JobState(
                "quickstart",
                "5f0c7e52",
                "Failed",
                all.results.size() + 4,
                all.results.size() - 1,
                1,
                0,
                4)),
        all.results,
        unplaceable,
        Map.of(
            failed,
            new Evidence(
                """
                [log] session created in 412 ms
                [warn] WebGPU: adapter.info is empty
                [error] Uncaught (in promise) GPUDeviceLostInfo: device was lost
                    at run (runner.js:118:21)
                """,
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")),
        Map.of(failed, "evidence/quickstart-51-2"),
        ReportData.affinities(all.results),
        Map.of("worker-chromium", capability(), "worker-firefox", capability()),
        List.of(
            new WrittenFile("Database", "ballast/ballast.duckdb"),
            new WrittenFile("HTML report", "ballast/quickstart.html")));
  }

  /** Writes the page and prints the table, to be looked at: {@code TestingResults FILE.html}. */
  public static void main(String[] arguments) throws java.io.IOException {
    ReportData data = quickstart();
    HtmlReport.write(data, java.nio.file.Path.of(arguments[0]));
    System.out.print(ResultsTable.render(data, Style.PLAIN));
  }

  private static Capability capability() {
    return new Capability(
        List.of(Backend.WASM, Backend.WEBGPU),
        Optional.of(SOFTWARE),
        List.of(),
        true,
        true,
        true,
        OptionalDouble.of(0.005),
        OptionalLong.of(2L << 30));
  }
}
