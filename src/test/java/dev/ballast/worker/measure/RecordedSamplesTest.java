package dev.ballast.worker.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.model.Backend;
import dev.ballast.model.RunOptions;
import dev.ballast.model.Verdict;
import dev.ballast.model.Verdict.Reason;
import dev.ballast.worker.measure.MachineLoad.Load;
import dev.ballast.worker.measure.Measurement.Block;
import dev.ballast.worker.measure.Measurement.Output;
import dev.ballast.worker.measure.Measurement.PageState;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The judge on what {@link SampleRecorder} recorded in real browsers: ONNX models on WASM in
 * Chromium 156 and Firefox 153, on two virtual cores.
 *
 * <p>Clean are sequences during which all others used less than a third of a core, and neither
 * block was slower than 1.2 times the fastest one of its kind. That second rule leaves 76 of 108,
 * and no drift of much over 0.2 among them, so these tests say little of {@link
 * Judge#MAX_DRIFT_RATIO}; and the limits were chosen on the same recordings. The hogs ran while
 * builds did.
 */
class RecordedSamplesTest {
  @Test
  void noCleanSequenceIsFlagged() throws IOException {
    List<String> flagged = new ArrayList<>();
    for (JsonNode sequence : recorded("clean-samples.json")) {
      Verdict verdict = judge(blocks(sequence, true));
      if (!verdict.equals(Verdict.TRUSTED)) {
        flagged.add(name(sequence) + " " + verdict);
      }
    }
    assertThat(flagged).isEmpty();
  }

  @Test
  void fewerThanOneInAHundredSequencesLikeThemIsFlagged() throws IOException {
    List<JsonNode> sequences = recorded("clean-samples.json");
    assertThat(sequences.size()).isGreaterThanOrEqualTo(60);
    Random random = new Random(20);
    int flagged = 0;
    int rounds = 2000;
    for (int round = 0; round < rounds; round++) {
      List<Block> original = blocks(sequences.get(random.nextInt(sequences.size())), true);
      List<Block> resampled = original.stream().map(block -> resampled(block, random)).toList();
      flagged += judge(resampled).equals(Verdict.TRUSTED) ? 0 : 1;
    }
    assertThat(flagged).isLessThan(rounds / 100);
  }

  /** Runs of five neighbours drawn with replacement, so that what comes in rows stays in rows. */
  private static Block resampled(Block block, Random random) {
    List<Double> samples = new ArrayList<>();
    while (samples.size() < block.samples().size()) {
      int from = random.nextInt(block.samples().size());
      samples.addAll(block.samples().subList(from, Math.min(from + 5, block.samples().size())));
    }
    return new Block(
        samples.subList(0, block.samples().size()),
        block.load(),
        block.turnHeld(),
        block.overlapped(),
        block.page());
  }

  @Test
  void aHogOnEveryCoreIsSeen() throws IOException {
    List<JsonNode> sequences = recorded("hogged-samples.json");
    assertThat(sequences.size()).isGreaterThanOrEqualTo(40);

    List<String> missed = new ArrayList<>();
    for (JsonNode sequence : sequences) {
      if (!judge(blocks(sequence, true)).reasons().contains(Reason.NOISY)) {
        missed.add(name(sequence));
      }
    }
    assertThat(missed).hasSizeLessThanOrEqualTo(sequences.size() / 20);
  }

  @Test
  void mostHogsAreSeenInTheSamplesAlone() throws IOException {
    List<JsonNode> sequences = recorded("hogged-samples.json");
    long seen =
        sequences.stream()
            .filter(sequence -> judge(blocks(sequence, false)).reasons().contains(Reason.NOISY))
            .count();
    assertThat(seen).isGreaterThan(sequences.size() / 2);
  }

  private static List<Block> blocks(JsonNode sequence, boolean withLoad) {
    List<Block> blocks = new ArrayList<>();
    for (JsonNode block : sequence.get("blocks")) {
      List<Double> samples = new ArrayList<>();
      block.get("samples").forEach(sample -> samples.add(sample.asDouble()));
      JsonNode load = block.get("load");
      blocks.add(
          new Block(
              samples,
              withLoad
                  ? Optional.of(
                      new Load(
                          Duration.ofMillis(load.get("millis").asLong()),
                          load.get("cores").asInt(),
                          load.get("own").asDouble(),
                          load.get("others").asDouble(),
                          load.get("steal").asDouble(),
                          OptionalDouble.of(load.get("wait").asDouble()),
                          OptionalDouble.of(load.get("throttled").asDouble())))
                  : Optional.empty(),
              true,
              false,
              PageState.AWAKE));
    }
    return blocks;
  }

  private static Verdict judge(List<Block> blocks) {
    RunOptions defaults = RunOptions.DEFAULTS;
    RunOptions run =
        new RunOptions(
            5, 1, 400, 1, defaults.maxDuration(), defaults.timeout(), defaults.isolation());
    return Judge.judge(
        new Measurement(
            run,
            Backend.WASM,
            Optional.of(Backend.WASM),
            Set.of(),
            Optional.empty(),
            Output.UNCOMPARED,
            5,
            OptionalDouble.of(0.005),
            false,
            blocks));
  }

  private static String name(JsonNode sequence) {
    return sequence.get("browser").asText() + " " + sequence.get("work").asText();
  }

  private static List<JsonNode> recorded(String resource) throws IOException {
    try (InputStream in = RecordedSamplesTest.class.getResourceAsStream("/" + resource)) {
      List<JsonNode> sequences = new ArrayList<>();
      new ObjectMapper().readTree(Objects.requireNonNull(in)).forEach(sequences::add);
      return sequences;
    }
  }
}
