package dev.ballast.worker.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps of a JSON report what {@link Judge} looks at: the source of {@code *-samples.json}.
 *
 * <pre>
 * bin/ballast run src/test/resources/recording.yaml --report json=REPORT.json
 * SampleRecorder clean|hogged OUT.json PART=REPORT.json…
 * </pre>
 *
 * <p>{@code clean} keeps what was taken on a machine at rest, and that is decided without a look at
 * the samples: during a block all others used less than {@value #MAX_OTHERS_CORES} cores, the
 * hypervisor took nothing, and right before and after it a fixed piece of arithmetic ran at most
 * {@value #MAX_SLOWDOWN} times as long as ever ({@link Pace}). An attempt whose blocks are all like
 * that is kept whole; of another, each two blocks in a row that are. {@code hogged} keeps all
 * whole. {@code PART} tells recordings apart.
 */
final class SampleRecorder {
  static final double MAX_OTHERS_CORES = 0.3;
  static final double MAX_STEAL_CORES = 0.02;
  static final double MAX_SLOWDOWN = 1.15;

  private static final ObjectMapper JSON = new ObjectMapper();

  private SampleRecorder() {}

  public static void main(String[] arguments) throws IOException {
    boolean clean = arguments[0].equals("clean");
    ArrayNode kept = JSON.createArrayNode();
    int seen = 0;
    for (String report : List.of(arguments).subList(2, arguments.length)) {
      String[] part = report.split("=", 2);
      for (JsonNode result : JSON.readTree(Path.of(part[1]).toFile())) {
        if (result.path("outcome").asText().equals("succeeded")) {
          seen++;
          cut(result, clean).forEach(piece -> kept.add(sequence(part[0], result, piece)));
        }
      }
    }
    StringBuilder lines = new StringBuilder("[\n");
    for (int i = 0; i < kept.size(); i++) {
      lines.append(kept.get(i)).append(i + 1 < kept.size() ? ",\n" : "\n]\n");
    }
    Files.writeString(Path.of(arguments[1]), lines);
    System.out.println("%d of %d sequences in %s".formatted(kept.size(), seen, arguments[1]));
  }

  /** Some of an attempt's blocks, one after the other. */
  private record Piece(int from, int to, boolean whole) {}

  private static List<Piece> cut(JsonNode result, boolean clean) {
    JsonNode blocks = result.path("sampling").path("blocks");
    List<Piece> pairs = new ArrayList<>();
    int resting = 0;
    int inRow = 0;
    for (int i = 0; i < blocks.size(); i++) {
      boolean rests = atRest(blocks.get(i));
      resting += rests ? 1 : 0;
      inRow = rests ? inRow + 1 : 0;
      if (inRow == 2) {
        pairs.add(new Piece(i - 1, i + 1, false));
        inRow = 0;
      }
    }
    return !clean || resting == blocks.size() ? List.of(new Piece(0, blocks.size(), true)) : pairs;
  }

  private static boolean atRest(JsonNode block) {
    return block.path("othersCores").asDouble() < MAX_OTHERS_CORES
        && block.path("stealCores").asDouble() < MAX_STEAL_CORES
        && block.path("slowdown").asDouble() < MAX_SLOWDOWN;
  }

  private static ObjectNode sequence(String part, JsonNode result, Piece piece) {
    JsonNode sampling = result.path("sampling");
    ObjectNode sequence = JSON.createObjectNode();
    sequence
        .put("part", part)
        .put("whole", piece.whole())
        .put("browser", result.path("browser").path("kind").asText())
        .put("model", result.path("model").path("name").asText())
        .put("warmups", sampling.path("warmupRuns").asInt())
        .put(
            "timer",
            rounded(
                sampling.path("timerResolutionMillis").asDouble()
                    / sampling.path("inferencesPerSample").asInt(1)));
    ArrayNode blocks = sequence.putArray("blocks");
    int next = 0;
    for (int i = 0; i < sampling.path("blocks").size(); i++) {
      JsonNode block = sampling.path("blocks").get(i);
      if (i >= piece.from() && i < piece.to()) {
        blocks.add(told(block, result.path("samples"), next));
      }
      next += block.path("samples").asInt();
    }
    return sequence;
  }

  private static ObjectNode told(JsonNode block, JsonNode samples, int from) {
    ObjectNode told = JSON.createObjectNode();
    told.put(
        "millis",
        Math.round(block.path("endMillis").asDouble() - block.path("startMillis").asDouble()));
    for (String figure : List.of("own", "others", "steal")) {
      told.put(figure, rounded(block.path(figure + "Cores").asDouble()));
    }
    told.put("wait", rounded(block.path("waitRatio").asDouble()));
    ArrayNode kept = told.putArray("samples");
    for (int i = 0; i < block.path("samples").asInt(); i++) {
      kept.add(rounded(samples.get(from + i).asDouble()));
    }
    return told;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
