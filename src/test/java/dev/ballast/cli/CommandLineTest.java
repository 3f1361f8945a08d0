package dev.ballast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.JobFiles;
import dev.ballast.cli.report.JsonReport;
import dev.ballast.cli.report.TestingResults;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.model.AttemptResult;
import dev.ballast.store.ResultsJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line answers without a service: help, checks, mistakes. */
class CommandLineTest {
  private static final String SAMPLES = "k8s/samples/";

  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
  private final InputStream realIn = System.in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setOut(realOut);
    System.setErr(realErr);
    System.setIn(realIn);
  }

  private List<String> out() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<String> err() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  @Test
  void helpGoesToStdoutAndNamesEveryExitCode() {
    assertThat(Main.run("--help")).isZero();

    assertThat(out().getFirst()).isEqualTo("Usage: ballast [-hV] COMMAND");
    assertThat(out())
        .contains("    2  invalid input or usage")
        .anyMatch(line -> line.startsWith("  quickstart "))
        .allMatch(line -> line.length() <= 80);
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"quickstart", "run", "local", "worker", "history", "explain", "export", "compare"})
  void everyCommandHasTheCommonOptions(String command) {
    assertThat(Main.run(command, "--help")).isZero();

    assertThat(out().getFirst()).startsWith("Usage: ballast " + command);
    assertThat(String.join("\n", out()))
        .contains("--data=DIR", "--output=table|json", "--no-progress", "--version", "--help");
  }

  @Test
  void theVersionIsOneLineOfStdout() {
    assertThat(Main.run("run", "--version")).isZero();

    assertThat(out()).singleElement().asString().startsWith("ballast ");
  }

  @Test
  void aMisspeltCommandIsAnsweredWithTheNearestOne() {
    assertThat(Main.run("runn")).isEqualTo(Exit.USAGE);

    assertThat(err().getFirst()).startsWith("\"runn\" is not a command. Maybe run? Known: ");
    assertThat(err().getLast()).isEqualTo("Try: bin/ballast --help");
    assertThat(out()).isEmpty();
  }

  @Test
  void aWordThatResemblesNoCommandGetsNoGuess() {
    assertThat(Main.run("frobnicate")).isEqualTo(Exit.USAGE);

    assertThat(err().getFirst()).startsWith("\"frobnicate\" is not a command. Known: ");
  }

  @Test
  void anUnknownOptionIsNamedWithItsCommand() {
    assertThat(Main.run("run", "--frob", SAMPLES + "own-page.yaml")).isEqualTo(Exit.USAGE);

    assertThat(err())
        .containsExactly("--frob is not an option of run.", "Try: bin/ballast run --help");
  }

  @Test
  void anUnknownFormOfOutputIsAnsweredWithTheKnownOnes() {
    assertThat(Main.run("history", "--output", "yaml")).isEqualTo(Exit.USAGE);

    assertThat(err().getFirst())
        .isEqualTo(
            "Invalid value for option '--output': \"yaml\" is not a form. Known: table, json");
  }

  @Test
  void aDryRunCountsTheTasksOfEachJob() {
    assertThat(Main.run("run", "--dry-run", SAMPLES + "quickstart.yaml")).isZero();

    assertThat(out())
        .containsExactly(
            "quickstart: 12 tasks, valid",
            "quickstart-llm: 3 tasks, valid",
            "quickstart-webgpu: 2 tasks, valid",
            "quickstart-webnn: 1 tasks, valid");
    assertThat(err()).isEmpty();
  }

  @Test
  void aBrowserThatNobodyKnowsIsWarnedOf() throws IOException {
    String job =
        """
        apiVersion: ballast.dev/v1alpha1
        kind: TestJob
        metadata: {name: typo}
        spec:
          matrix:
            models: [{name: vad, family: audio, source: "builtin:silero-vad"}]
            browsers: [firefx, chromium]
            backends: [wasm]
            repetitions: 1
        """;

    assertThat(Main.run("run", "--dry-run", file("typo.yaml", job))).isZero();

    assertThat(err())
        .singleElement()
        .asString()
        .startsWith("warning: typo: spec.matrix.browsers: \"firefx\" is none of the browsers")
        .endsWith("Maybe \"firefox\"? Known here: chrome, chromium, edge, firefox.");
  }

  @Test
  void aDurationOfNothingIsRefused() throws IOException {
    for (String timeout : List.of("0s", "-5s")) {
      String job =
          """
          apiVersion: ballast.dev/v1alpha1
          kind: TestJob
          metadata: {name: none}
          spec:
            matrix:
              models: [{name: vad, family: audio, source: "builtin:silero-vad"}]
            run: {timeout: %s}
          """
              .formatted(timeout);

      assertThat(Main.run("run", "--dry-run", file("none.yaml", job))).isEqualTo(Exit.USAGE);
      assertThat(err())
          .last()
          .asString()
          .endsWith(
              "none.yaml:7 spec.run.timeout: \"%s\" is not a duration above 0, like 500ms, 30s, 10m or 1h."
                  .formatted(timeout));
    }
  }

  @Test
  void aDryRunChecksPoolsWithoutAJobToo() {
    assertThat(Main.run("run", "--dry-run", SAMPLES + "pools.yaml")).isZero();

    assertThat(out()).containsExactly("chrome: a pool, valid", "firefox: a pool, valid");
  }

  @Test
  void aRunOfPoolsAloneHasNothingToDo() {
    String pools = SAMPLES + "pools.yaml";

    assertThat(Main.run("run", "--data", data(), pools)).isEqualTo(Exit.USAGE);

    assertThat(err()).containsExactly(pools + ": no TestJob in there, so there is nothing to run");
  }

  @Test
  void optionsTakeThePlaceOfTheMatrix() {
    assertThat(
            Main.run(
                "run",
                "--dry-run",
                "--browsers",
                "chromium,firefox",
                "--repetitions",
                "7",
                SAMPLES + "own-page.yaml"))
        .isZero();

    assertThat(out()).containsExactly("own-page: 14 tasks, valid");
  }

  @Test
  void repetitionsOutOfRangeAreRefused() {
    assertThat(Main.run("run", "--dry-run", "--repetitions", "0", SAMPLES + "own-page.yaml"))
        .isEqualTo(Exit.USAGE);
    assertThat(
            Main.run("run", "--dry-run", "--repetitions", "1000000000", SAMPLES + "own-page.yaml"))
        .isEqualTo(Exit.USAGE);

    assertThat(err()).hasSize(2);
    assertThat(err().getFirst()).startsWith("--repetitions 0: must lie in 1");
    assertThat(err().getLast())
        .isEqualTo(
            "--repetitions 1000000000: job \"own-page\" has 1000000000 tasks, at most 100000 are"
                + " possible. Lower --repetitions, or name fewer --browsers");
  }

  @Test
  void theJobOfStdinIsReadFromTheWorkingFolder() {
    System.setIn(new ByteArrayInputStream("[1, 2]".getBytes(StandardCharsets.UTF_8)));

    assertThat(Main.run("run", "--dry-run", "-")).isEqualTo(Exit.USAGE);

    assertThat(err())
        .containsExactly(
            "stdin:1: is not a resource. It begins with: apiVersion: ballast.dev/v1alpha1");
  }

  @Test
  void filesThatCannotBeJobsAreRefusedInOneLine() throws IOException {
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0, 1});
    String empty = file("empty.yaml", "");
    String absent = folder.resolve("absent.yaml").toString();

    for (String input : List.of(binary.toString(), empty, absent, folder.toString())) {
      assertThat(Main.run("run", "--dry-run", input)).isEqualTo(Exit.USAGE);
    }

    assertThat(err())
        .containsExactly(
            binary + ": is not text in UTF-8, so it is not YAML",
            empty + ": holds no TestJob and no BrowserPool.",
            absent + ": there is no such file",
            "%s: is a directory. Name the files in it, for example %s/*.yaml"
                .formatted(folder, folder));
  }

  @Test
  void everyProblemOfAFileIsALineOfItsOwn() throws IOException {
    String wrong =
        file(
            "wrong.yaml",
            """
            apiVersion: ballast.dev/v1alpha1
            kind: TestJob
            metadata: {name: wrong}
            spec:
              matrix:
                models: [{name: m, family: audio, source: "builtin:silero-vad"}]
                backends: [wsam]
                repetitions: 0
            """);

    assertThat(Main.run("run", "--dry-run", wrong)).isEqualTo(Exit.USAGE);

    assertThat(err()).hasSize(2).allMatch(line -> line.startsWith(wrong + ":"));
    assertThat(err().getFirst())
        .isEqualTo(
            wrong
                + ":7 spec.matrix.backends[0]: \"wsam\" is not a backend. Maybe \"wasm\"?"
                + " Known here: wasm, webgl, webgpu, webnn.");
  }

  @Test
  void twoJobsOfOneNameAreRefused() {
    String sample = SAMPLES + "own-page.yaml";

    assertThat(Main.run("run", "--dry-run", sample, sample)).isEqualTo(Exit.USAGE);

    assertThat(err())
        .singleElement()
        .asString()
        .contains("there is already a TestJob \"own-page\"");
  }

  @Test
  void aReportThatCannotBeWrittenIsKnownBeforeTheRun() throws IOException {
    String sample = SAMPLES + "own-page.yaml";
    String plain = file("plain", "a file");

    assertThat(Main.run("run", "--dry-run", "--report", "nonsense", sample)).isEqualTo(Exit.USAGE);
    assertThat(Main.run("run", "--dry-run", "--report", "html", sample)).isEqualTo(Exit.USAGE);
    assertThat(Main.run("run", "--dry-run", "--report", "html=" + folder, sample))
        .isEqualTo(Exit.USAGE);
    assertThat(Main.run("run", "--dry-run", "--report", "json=" + plain + "/r.json", sample))
        .isEqualTo(Exit.ENVIRONMENT);

    assertThat(err())
        .containsExactly(
            "--report nonsense: \"nonsense\" is not a form of report. Known: html, junit, json",
            "--report html: names no file. Maybe --report html=report.html?",
            "--report html=%s: %s is a directory. Name a file in it".formatted(folder, folder),
            "--report json=%s/r.json: %s cannot be written. Choose another folder"
                .formatted(plain, plain));
  }

  @Test
  void portsAndCountsOutOfRangeAreRefused() {
    assertThat(Main.run("local", "--port", "70000", "--data", data())).isEqualTo(Exit.USAGE);
    assertThat(Main.run("local", "--workers", "-1", "--data", data())).isEqualTo(Exit.USAGE);
    assertThat(Main.run("worker", "--server", "http://127.0.0.1:1", "--pool", "p", "--slots", "0"))
        .isEqualTo(Exit.USAGE);
    assertThat(Main.run("worker", "--server", "ftp://x", "--pool", "p")).isEqualTo(Exit.USAGE);

    assertThat(err()).hasSize(4);
    assertThat(err().getLast())
        .isEqualTo("--server ftp://x: must be an http(s) URL. Maybe http://127.0.0.1:7878?");
  }

  @Test
  void anEmptyDataDirectoryIsSaidWithTheCommandThatFillsIt() {
    assertThat(Main.run("history", "--data", data())).isEqualTo(Exit.ENVIRONMENT);
    assertThat(Main.run("explain", "--data", data(), "job", "0")).isEqualTo(Exit.ENVIRONMENT);
    assertThat(Main.run("export", "--data", data(), folder.resolve("x").toString()))
        .isEqualTo(Exit.ENVIRONMENT);

    assertThat(err())
        .hasSize(3)
        .containsOnly(data() + " holds no results yet. Run some with: bin/ballast quickstart");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void anExportToWhereNothingCanBeWrittenIsOneLine() throws IOException {
    open().close();
    String plain = file("plain", "a file");

    assertThat(Main.run("export", "--data", data(), plain + "/x")).isEqualTo(Exit.ENVIRONMENT);

    assertThat(err()).singleElement().asString().startsWith(plain + "/x cannot be written (");
  }

  @Test
  void aTimeThatIsNoneIsRefused() {
    assertThat(Main.run("export", "--since", "yesterday", "--data", data(), "x"))
        .isEqualTo(Exit.USAGE);

    assertThat(err())
        .containsExactly(
            "--since yesterday: is not a time. Maybe 2026-01-31 or 2026-01-31T12:00:00Z?");
  }

  @Test
  void aNumberThatIsNoneIsRefused() {
    assertThat(Main.run("explain", "job", "first")).isEqualTo(Exit.USAGE);

    assertThat(err().getFirst())
        .isEqualTo(
            "Invalid value for positional parameter at index 1 (INDEX): 'first' is not a whole"
                + " number");
  }

  @Test
  void aPortThatSomebodyElseHasIsSaidWithAnother() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());

      assertThat(Main.run("local", "--workers", "0", "--port", port, "--data", data()))
          .isEqualTo(Exit.ENVIRONMENT);

      assertThat(err())
          .singleElement()
          .asString()
          .startsWith("port %s of 127.0.0.1 cannot be had (".formatted(port))
          .contains("Use another with: --port ");
    }
  }

  @Test
  void aDataDirectoryInUseNamesTheProcessThatHasIt() throws IOException {
    try (ControllerService owner = open()) {
      assertThat(Main.run("run", "--data", data(), SAMPLES + "own-page.yaml"))
          .isEqualTo(Exit.ENVIRONMENT);
      assertThat(Main.run("export", "--data", data(), folder.resolve("export").toString()))
          .isEqualTo(Exit.ENVIRONMENT);
    }

    assertThat(err())
        .hasSize(2)
        .allMatch(line ->
            line.startsWith(
                Path.of(data()) + " is in use by process " + ProcessHandle.current().pid()));
  }

  @Test
  void aJobThatWasNeverRunCannotBeExported() {
    open().close();

    assertThat(Main.run("export", "--data", data(), "--job", "none", data() + "-export"))
        .isEqualTo(Exit.USAGE);

    assertThat(err()).containsExactly("no result of a job \"none\" is in the history.");
    assertThat(out()).isEmpty();
  }

  @Test
  void aHistoryWithoutMeasurementsIsNoBareHeader() {
    open().close();

    assertThat(Main.run("history", "--data", data())).isZero();
    assertThat(Main.run("history", "results", "--data", data())).isZero();
    assertThat(Main.run("history", "result", "--data", data())).isEqualTo(Exit.USAGE);

    assertThat(out().getFirst()).startsWith("Nothing was measured yet");
    assertThat(err().getFirst())
        .contains("\"result\" is not kept. Known: affinities, profiles, results");
  }

  @Test
  void profilesAndResultsAreWrittenAsCsv() {
    open().close();

    assertThat(Main.run("history", "profiles", "--output", "csv", "--data", data())).isZero();
    assertThat(Main.run("history", "results", "--output", "csv", "--data", data())).isZero();
    assertThat(Main.run("history", "--output", "csv", "--data", data())).isEqualTo(Exit.USAGE);
    assertThat(Main.run("export", "--output", "csv", "--data", data(), "x")).isEqualTo(Exit.USAGE);

    assertThat(out()).hasSize(2);
    assertThat(out().getFirst()).startsWith("model_name,model_family,browser_kind,");
    assertThat(err().getLast())
        .isEqualTo("--output csv: only history writes CSV. Known here: table, json");
  }

  @Test
  void aMisspeltBrowserIsAnsweredWithTheNearestOne() {
    String sample = SAMPLES + "own-page.yaml";

    assertThat(Main.run("run", "--data", data(), "--browsers", "chromim", sample))
        .isEqualTo(Exit.ENVIRONMENT);

    assertThat(err())
        .singleElement()
        .asString()
        .startsWith("--browsers chromim: no such browser on this machine")
        .contains("Maybe chromium?");
  }

  @Test
  void twoReportsAreCompared() throws IOException {
    String base = report("base.json", 1.0);
    String slower = report("slower.json", 1.5);

    assertThat(Main.run("compare", base, base)).isZero();
    assertThat(Main.run("compare", base, slower)).isEqualTo(Exit.FAILED);
    assertThat(Main.run("compare", slower, base)).isZero();
    assertThat(Main.run("compare", base, slower, "--tolerance", "60%")).isZero();
    assertThat(Main.run("compare", base, slower, "--output", "json")).isEqualTo(Exit.FAILED);

    assertThat(out())
        .contains("1 of 1 cells became worse.")
        .anyMatch(line -> line.contains("\"slower\""));
    assertThat(err()).isEmpty();
  }

  @Test
  void whatCannotBeComparedIsRefused() throws IOException {
    String base = report("base.json", 1.0);
    String text = file("text.json", "{\"no\": 1}");

    assertThat(Main.run("compare", base, folder + "/none.json")).isEqualTo(Exit.USAGE);
    assertThat(Main.run("compare", base, text)).isEqualTo(Exit.USAGE);
    assertThat(Main.run("compare", base, base, "--allow", "browsr")).isEqualTo(Exit.USAGE);
    assertThat(Main.run("compare", base, base, "--tolerance", "5")).isEqualTo(Exit.USAGE);

    assertThat(err()).hasSize(4);
    assertThat(err().get(0)).isEqualTo(folder + "/none.json: there is no such file");
    assertThat(err().get(1)).startsWith(text + ":1: is not a JSON report (");
    assertThat(err().get(2)).contains("Maybe \"browser\"?");
    assertThat(err().get(3)).isEqualTo("--tolerance 5: is not a percentage. Maybe 5%?");
  }

  private String report(String name, double millis) throws IOException {
    List<AttemptResult> results = new ArrayList<>();
    for (double time : new double[] {millis, 1.01 * millis, 0.99 * millis, millis}) {
      results.add(TestingResults.result().index(results.size()).samples(time, time).build());
    }
    Path file = folder.resolve(name);
    JsonReport.write(results, ResultsJson::write, file);
    return file.toString();
  }

  @Test
  void aServerThatIsNotThereIsSaid() {
    String sample = SAMPLES + "own-page.yaml";

    assertThat(Main.run("run", "--server", "http://127.0.0.1:1", SAMPLES + "quickstart.yaml"))
        .isEqualTo(Exit.ENVIRONMENT);
    assertThat(Main.run("run", "--server", "nowhere", SAMPLES + "quickstart.yaml"))
        .isEqualTo(Exit.USAGE);
    assertThat(Main.run("run", "--server", "http://127.0.0.1:1", sample)).isEqualTo(Exit.USAGE);
    assertThat(
            Main.run(
                "run",
                "--server",
                "http://127.0.0.1:1",
                SAMPLES + "pools.yaml",
                SAMPLES + "quickstart.yaml"))
        .isEqualTo(Exit.USAGE);

    assertThat(err().get(0)).startsWith("no controller at http://127.0.0.1:1 (");
    assertThat(err().get(1)).startsWith("--server nowhere: must be an http(s) URL.");
    assertThat(err().get(2)).contains("files can only be used in local runs");
    assertThat(err().get(3)).startsWith("BrowserPool \"chrome\": a server has its pools already.");
  }

  @Test
  void anUnfinishedJobIsRefusedBeforeABrowserStarts() throws IOException {
    String job =
        file(
            "job.yaml",
            """
            apiVersion: ballast.dev/v1alpha1
            kind: TestJob
            metadata: {name: left}
            spec:
              matrix:
                models: [{name: m, family: audio, source: "builtin:silero-vad"}]
            """);
    try (ControllerService first = open()) {
      first.dispatch().submit(JobFiles.read(List.of(job)).specs().getFirst()).join();
    }

    assertThat(Main.run("run", "--data", data(), job)).isEqualTo(Exit.USAGE);

    assertThat(err())
        .containsExactly(
            "job \"left\" was interrupted and is not finished. Go on with --resume, or rename it");
    assertThat(folder.resolve("data/browsers")).doesNotExist();
  }

  private ControllerService open() {
    return ControllerService.open(
        Path.of(data()), dev.ballast.dispatch.DispatchSettings.DEFAULTS, 1);
  }
}
