package dev.ballast.cli.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadReaderTest {
  private static final String EXAMPLE =
      """
      {"name": "example", "browsers": [
         {"name": "chrome-gpu", "kind": "chrome", "count": 8, "slots": 1, "memoryMiB": 4096, "backends": ["webgpu", "wasm"]},
         {"name": "firefox", "kind": "firefox", "count": 4, "slots": 2, "memoryMiB": 4096, "backends": ["wasm"]}],
       "models": [
         {"name": "vad", "family": "audio", "memoryMiB": 120, "loadSeconds": 2.5,
          "serviceSeconds": {"chrome-gpu": {"wasm": 1.55, "webgpu": 3.1}, "firefox": {"wasm": 1.0}},
          "variation": 0.25, "failureRatio": 0.0}],
       "arrivals": [{"atSeconds": 0.0, "model": "vad", "count": 100}],
       "arrivalsFile": "arrivals.csv",
       "disruptions": [{"atSeconds": 60, "type": "worker-lost", "browser": "firefox", "count": 1, "forSeconds": 120},
                       {"atSeconds": 90, "type": "slowdown", "browser": "chrome-gpu", "factor": 2.0, "forSeconds": 60}],
       "priors": [{"family": "audio", "browser": "firefox", "advantage": 1.55}]}
      """;

  @TempDir Path folder;

  private WorkloadReader.Reading read(String text, String csv) throws IOException {
    Files.writeString(folder.resolve("arrivals.csv"), csv);
    return WorkloadReader.read(Files.writeString(folder.resolve("w.json"), text));
  }

  @Test
  void theExampleOfTheContractIsRead() throws IOException {
    Workload workload =
        read(EXAMPLE, "atSeconds,model,count\n5.5,vad,2\n0,vad,1\n").workload().orElseThrow();

    assertThat(workload.slots()).isEqualTo(16);
    assertThat(workload.arrivals().size()).isEqualTo(103);
    assertThat(workload.arrivals().seconds(102)).isEqualTo(5.5);
    assertThat(workload.serviceSeconds(0, 0)).isEqualTo(1.55);
    assertThat(workload.loadSeconds(0, 1)).isEqualTo(2.5);
    assertThat(workload.disruptions())
        .containsExactly(
            new Disruption.WorkerLost(60, 1, 1, 120), new Disruption.Slowdown(90, 0, 2, 60));
    assertThat(workload.priors().affinities()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "slots": 1|"slot": 1|browsers[0].slot: unknown field. Maybe "slots"?
          "count": 8|"count": -8|browsers[0].count: -8 must be a number of 1 to 100000.
          "count": 8|"count": 1.5|browsers[0].count: 1.5 must be a whole number.
          "kind": "firefox"|"kind": "Fire Fox"|browsers[1].kind: browser kind "Fire Fox" must be
          "family": "audio"|"family": "audoi"|models[0].family: "audoi" is no family. Maybe "audio"?
          "variation": 0.25|"variation": -1|models[0].variation: -1 must be a number of 0 to 10.
          "failureRatio": 0.0|"failureRatio": 1.5|models[0].failureRatio: 1.5 must be a number of 0 to 1.
          "firefox": {"wasm"|"firefix": {"wasm"|models[0].serviceSeconds.firefix: unknown field. Maybe "firefox"?
          "wasm": 1.55|"wams": 1.55|models[0].serviceSeconds.chrome-gpu.wams: unknown field. Maybe "wasm"?
          "wasm": 1.55|"wasm": 0|models[0].serviceSeconds.chrome-gpu.wasm: 0 must be a number of
          "model": "vad"|"model": "vda"|arrivals[0].model: "vda" is no model. Maybe "vad"?
          "type": "slowdown"|"type": "slow"|disruptions[1].type: "slow" is no disruption.
          "factor": 2.0|"count": 2|disruptions[1].factor: is missing.
          "type": "slowdown"|"type": "release", "family": "audio"|disruptions[1].forSeconds: belongs to a loss of workers or a slowdown only.
          "factor": 2.0|"factor": 2.0, "family": "audio"|disruptions[1].family: belongs to a release only.
          "browser": "firefox", "count"|"browser": "safari", "count"|disruptions[0].browser: "safari" is no browser.
          "advantage": 1.55|"advantage": 0|priors[0].advantage: 0 must be a number of 0.001 to 1000.
          "name": "example"|"name": ""|name: "" must be a word.
          "name": "firefox"|"name": "chrome-gpu"|browsers[1].name: "chrome-gpu" is there twice.
          """)
  void aMistakeIsNamedWithItsPathItsValueAndWhatWouldBeRight(
      String right, String wrong, String problem) throws IOException {
    assertThat(EXAMPLE).contains(right);

    List<String> problems = read(EXAMPLE.replace(right, wrong), "atSeconds,model\n").problems();

    assertThat(problems).anyMatch(line -> line.contains("w.json " + problem));
  }

  @Test
  void mistakesOfTheCsvAreNamedWithTheirLine() throws IOException {
    assertThat(read(EXAMPLE, "atSeconds,count\n1,2\n").problems())
        .singleElement()
        .asString()
        .contains("arrivals.csv:1: the column model is missing.");
    assertThat(
            read(EXAMPLE, "atSeconds,model,count\n-1,vad,1\n1,vda,1\n1,vad,x\n1,vad\n").problems())
        .hasSize(4)
        .anyMatch(line -> line.contains("arrivals.csv:2: atSeconds: \"-1\" must be"))
        .anyMatch(
            line -> line.contains("arrivals.csv:3: model: \"vda\" is no model. Maybe \"vad\""))
        .anyMatch(line -> line.contains("arrivals.csv:4: count: \"x\" must be"))
        .anyMatch(line -> line.contains("arrivals.csv:5: has 2 cells, the header has 3."));
  }

  @Test
  void whatIsNotJsonIsNamedWithItsLine() throws IOException {
    assertThat(read("{\n\"name\": \"x\",\n}", "").problems())
        .singleElement()
        .asString()
        .contains("w.json:3: is not JSON");
    assertThat(read("[]", "").problems())
        .singleElement()
        .asString()
        .endsWith("w.json: [] must be an object.");
  }

  @Test
  void oneMistakeIsOneLineInTheWordsOfTheUser() throws IOException {
    assertThat(read("", "").problems())
        .singleElement()
        .asString()
        .endsWith("w.json: is empty. It must hold an object.");
    assertThat(read(EXAMPLE.replace("0.25", "NaN"), "").problems())
        .singleElement()
        .asString()
        .endsWith("is not JSON: Non-standard token 'NaN'.");
    assertThat(read(EXAMPLE + "{}", "atSeconds,model\n").problems())
        .singleElement()
        .asString()
        .endsWith("is not JSON: Trailing token (of type START_OBJECT) found after value.");
    assertThat(
            read(EXAMPLE.replace("\"count\": 8", "\"count\": \"8\""), "atSeconds,model\n")
                .problems())
        .singleElement()
        .asString()
        .contains("browsers[0].count: \"8\" must be a number");
    assertThat(read(EXAMPLE, "atSeconds,model,model\n1,vad,vad\n").problems())
        .singleElement()
        .asString()
        .contains("arrivals.csv:1: a column is there twice");
    Files.write(folder.resolve("w.json"), new byte[] {(byte) 0xFF, (byte) 0xFE});
    assertThat(WorkloadReader.read(folder.resolve("w.json")).problems())
        .singleElement()
        .asString()
        .endsWith("w.json: is no text in UTF-8.");
  }

  @Test
  void aMissingCsvIsNamed() throws IOException {
    assertThat(read(EXAMPLE.replace("arrivals.csv", "none.csv"), "").problems())
        .singleElement()
        .asString()
        .contains("none.csv: there is no such file.");
  }
}
