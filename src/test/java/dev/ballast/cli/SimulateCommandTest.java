package dev.ballast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.cli.command.Exit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {
  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
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
  }

  private String run(int exitCode, String... arguments) {
    out.reset();
    err.reset();
    assertThat(Main.run(arguments)).isEqualTo(exitCode);
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theListNamesEveryWorkloadAndPolicyOfTheContract() {
    assertThat(run(Exit.OK, "simulate", "--list"))
        .contains(
            List.of(
                "seed-mix",
                "seed-wrong",
                "burst",
                "diurnal",
                "hetero",
                "memory-tight",
                "backends",
                "flaky",
                "release",
                "scale-100",
                "scale-1000",
                "scale-10000",
                "replay",
                "browser-aware",
                "random",
                "round-robin",
                "least-loaded",
                "power-of-two",
                "static-affinity",
                "earliest-completion",
                "min-min",
                "peak-ewma",
                "threshold-stealing",
                "dask-stealing",
                "max-throughput",
                "max-weight"));
  }

  @Test
  void twoRunsOfOneSeedAreTheSameBytesAndTheOutputIsOfTheContract() throws IOException {
    String[] arguments = {
      "simulate",
      "--workload",
      "builtin:flaky:tasks=1000",
      "--replications",
      "3",
      "--seed",
      "7",
      "--policies",
      "browser-aware,least-loaded",
      "--output",
      "json"
    };

    String first = run(Exit.OK, arguments);

    assertThat(run(Exit.OK, arguments)).isEqualTo(first);
    JsonNode root = new ObjectMapper().readTree(first);
    assertThat(root.path("workload").asText()).isEqualTo("flaky");
    assertThat(root.path("seed").asLong()).isEqualTo(7);
    assertThat(root.path("lowerBound").path("makespanSeconds").asDouble()).isPositive();
    JsonNode ours = root.path("policies").path("browser-aware");
    for (String metric :
        List.of(
            "makespanSeconds",
            "meanWaitSeconds",
            "p50WaitSeconds",
            "p95WaitSeconds",
            "p99WaitSeconds",
            "meanSojournSeconds",
            "throughputPerSecond",
            "throughputPerSecond.audio",
            "migrationsPerTask",
            "unnecessaryMigrationsPerTask",
            "modelLoads",
            "loadImbalance",
            "capabilityUtilization",
            "matchedRatio",
            "peakLoadSeconds",
            "peakMemoryMiB",
            "recoverySeconds",
            "completed",
            "failed",
            "unplaceable",
            "lost",
            "duplicated")) {
      assertThat(ours.path(metric).path("mean").isNumber()).describedAs(metric).isTrue();
    }
    assertThat(ours.has("decisionMicros")).isFalse();
    JsonNode ratio =
        root.path("paired").path("browser-aware vs least-loaded").path("makespanSeconds");
    assertThat(ratio.path("low95").asDouble()).isLessThan(ratio.path("ratio").asDouble());
    assertThat(ratio.path("high95").asDouble()).isGreaterThan(ratio.path("ratio").asDouble());
  }

  @Test
  void forecastsAreJudgedOnCountsOfTheUser() throws IOException {
    Path file = folder.resolve("counts.csv");
    StringBuilder csv = new StringBuilder("count,series\n");
    for (int tick = 0; tick < 240; tick++) {
      csv.append(tick % 24 < 12 ? 30 + tick % 5 : 3 + tick % 3).append(",mornings\n");
    }
    Files.writeString(file, csv);

    Path page = folder.resolve("fan.html");

    assertThat(run(Exit.OK, "simulate", "--forecast", file.toString(), "--report", "html=" + page))
        .contains("mornings")
        .contains("of 1 series");
    assertThat(Files.readString(page)).contains("<h2>mornings</h2>", "class=\"fan wide\"");

    Files.writeString(file, "count\nmany\n");
    run(Exit.USAGE, "simulate", "--forecast", file.toString());
    assertThat(err()).contains("counts.csv:2: count: \"many\" must be a number from 0.");
  }

  @Test
  void timingAddsWhatADecisionCosts() throws IOException {
    String text =
        run(
            Exit.OK,
            "simulate",
            "--workload",
            "builtin:seed-mix:tasks=50",
            "--replications",
            "1",
            "--policies",
            "random",
            "--timing",
            "--output",
            "csv");

    assertThat(text).contains("seed-mix,random,,decisionMicros,");
  }

  @Test
  void aModelThatFitsNowhereIsWarnedOfAndCounted() throws IOException {
    String file =
        Files.writeString(
                folder.resolve("w.json"),
                """
                {"name": "w",
                 "browsers": [{"name": "b", "kind": "chrome", "memoryMiB": 100, "backends": ["wasm"]}],
                 "models": [{"name": "small", "family": "audio", "memoryMiB": 100, "serviceSeconds": {"b": {"wasm": 1}}},
                            {"name": "large", "family": "audio", "memoryMiB": 101, "serviceSeconds": {"b": {"wasm": 1}}}],
                 "arrivals": [{"atSeconds": 0, "model": "small"}, {"atSeconds": 0, "model": "large", "count": 2}]}
                """)
            .toString();

    String text =
        run(Exit.OK, "simulate", "--workload", file, "--replications", "1", "--output", "csv");

    assertThat(text).contains("w,browser-aware,,unplaceable,2.0,,");
    assertThat(err()).contains("warning: model \"large\" fits into no browser");
  }

  @Test
  void arrivalsOfACsvAreReplayedOnTheSeedMix() throws IOException {
    Path csv = Files.writeString(folder.resolve("a.csv"), "atSeconds,model\n0,audio-1\n3,llm-2\n");

    assertThat(
            run(
                Exit.OK,
                "simulate",
                "--workload",
                "builtin:replay:file=" + csv,
                "--replications",
                "1",
                "--policies",
                "min-min",
                "--output",
                "csv"))
        .contains("replay,min-min,,completed,2.0,,");
  }

  @Test
  void whatIsWrongIsSaidAndNothingIsSimulated() {
    run(Exit.USAGE, "simulate");
    assertThat(err()).startsWith("What should be simulated?");
    run(Exit.USAGE, "simulate", "--workload", "builtin:seedmix");
    assertThat(err()).contains("\"seedmix\" is no built-in workload. Maybe \"seed-mix\"?");
    run(Exit.USAGE, "simulate", "--workload", "builtin:seed-mix:load=-1,task=3");
    assertThat(err())
        .contains("load=-1: must be", "\"task\" is no parameter of seed-mix. Maybe \"tasks\"?");
    run(Exit.USAGE, "simulate", "--workload", "builtin:burst", "--policies", "min-man");
    assertThat(err()).contains("\"min-man\" is no policy. Maybe \"min-min\"?");
    run(Exit.USAGE, "simulate", "--workload", "builtin:burst", "--policies", ",");
    assertThat(err()).startsWith("--policies: names none. Known here: browser-aware,");
    run(Exit.USAGE, "simulate", "--workload", "builtin:burst", "--policies", "random,,min-min");
    assertThat(err()).contains("--policies: \"\" is no policy.");
    run(Exit.USAGE, "simulate", "--workload", "builtin:burst", "--replications", "0");
    assertThat(err()).contains("--replications 0: must be 1 to");
    run(Exit.USAGE, "simulate", "--workload", "builtin:burst", "--output", "xml");
    assertThat(err()).contains("\"xml\" is not a form. Known: table, json, csv");
    run(Exit.USAGE, "simulate", "--workload", folder.resolve("none.json").toString());
    assertThat(err()).contains("none.json: there is no such file.");
  }

  @Test
  void whatWouldChangeNothingIsRefused() {
    run(Exit.USAGE, "simulate", "--workload", "builtin:diurnal:tasks=5");
    assertThat(err())
        .isEqualTo("--workload: \"tasks\" is no parameter of diurnal. Known here: load, priors.\n");
    run(Exit.USAGE, "simulate", "--workload", "builtin:burst:arrivals=bursty");
    assertThat(err()).startsWith("--workload: \"arrivals\" is no parameter of burst.");
    run(Exit.USAGE, "simulate", "--workload", "builtin:hetero:load=0.9");
    assertThat(err())
        .isEqualTo(
            "--workload: load=0.9 says nothing where all tasks come at time 0. Maybe with"
                + " arrivals=poisson?\n");
    run(Exit.USAGE, "simulate", "--workload", "builtin:seed-mix:load=0.9,load=0.8");
    assertThat(err()).isEqualTo("--workload: load is given twice.\n");
    run(Exit.USAGE, "simulate", "--list", "--scaling");
    assertThat(err()).isEqualTo("--list and --scaling: must be one or the other.\n");
    run(Exit.USAGE, "simulate", "--claims", "--workload", "builtin:burst");
    assertThat(err()).isEqualTo("--claims and --workload: must be one or the other.\n");
    run(Exit.USAGE, "simulate", "--scaling", "--policies", "random", "--output", "json");
    assertThat(err())
        .isEqualTo(
            "--policies: says nothing to --scaling.\n--output: says nothing to --scaling.\n");
    run(Exit.USAGE, "simulate", "--stealing", "--policies", "random");
    assertThat(err()).isEqualTo("--policies: says nothing to --stealing.\n");
    run(Exit.USAGE, "simulate", "--workload", "builtin:burst", "--tick", "5");
    assertThat(err()).isEqualTo("--tick: says nothing to --workload.\n");
  }
}
