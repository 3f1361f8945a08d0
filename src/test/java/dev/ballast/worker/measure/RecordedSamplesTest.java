package dev.ballast.worker.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.model.Backend;
import dev.ballast.model.RunOptions;
import dev.ballast.model.RunOptions.Isolation;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The judge on what {@link SampleRecorder} kept of real runs: models on WASM in Chromium 156 and
 * Firefox 153, on two virtual cores of a shared host.
 *
 * <p>Part {@code first} is an earlier recording, of two blocks each: clean there were those beside
 * which all others used less than a third of a core, and whose blocks differed by less than a
 * fifth; hogged those beside an endless loop for each core, and builds. The limits of the judge
 * were chosen with it and with part {@code calibration}. Part {@code hold-out} was recorded after
 * that.
 */
class RecordedSamplesTest {
  private static final String HELD_OUT = "hold-out";

  @Test
  void fewerThanOneInAHundredCleanSequencesIsFlaggedForAnything() throws IOException {
    List<JsonNode> clean = recorded("clean-samples.json");
    assertThat(clean.size()).isGreaterThanOrEqualTo(120);

    List<String> flagged = flagged(clean);

    System.out.printf("clean sequences: %d, flagged: %s%n", clean.size(), flagged);
    assertThat(flagged.size()).isLessThanOrEqualTo(clean.size() / 100);
  }

  @Test
  void neitherIsOneInAHundredOfThoseThatTheLimitsWereNotChosenWith() throws IOException {
    List<JsonNode> clean =
        recorded("clean-samples.json").stream()
            .filter(sequence -> sequence.get("part").asText().equals(HELD_OUT))
            .toList();
    assertThat(clean.size()).isGreaterThanOrEqualTo(5);

    assertThat(flagged(clean).size()).isLessThanOrEqualTo(clean.size() / 100);
  }

  /**
   * The aim, one in a hundred, is missed on a recording made later, of all that the same witnesses
   * call at rest: its host was shared, and what disturbs within a block they do not see. This holds
   * that it gets no worse.
   */
  @Test
  void ofALaterRecordingFiveOfSeventyNineAreFlagged() throws IOException {
    List<JsonNode> later = recorded("later-samples.json");
    assertThat(later).hasSize(79);

    List<String> flagged = flagged(later);

    System.out.printf("later sequences: %d, flagged: %s%n", later.size(), flagged);
    assertThat(flagged.size()).isLessThanOrEqualTo(5);
  }

  @Test
  void aHogOnEveryCoreIsSeenNearlyAlways() throws IOException {
    List<JsonNode> hogged = recorded("hogged-samples.json");
    assertThat(hogged.size()).isGreaterThanOrEqualTo(40);

    long seen = hogged.stream().filter(noisy(true)).count();
    long seenInSamples = hogged.stream().filter(noisy(false)).count();

    System.out.printf(
        "hogged sequences: %d, seen: %d, without a look at the load: %d%n",
        hogged.size(), seen, seenInSamples);
    assertThat(seen).isGreaterThanOrEqualTo(hogged.size() * 95L / 100);
  }

  private static List<String> flagged(List<JsonNode> sequences) {
    List<String> flagged = new ArrayList<>();
    for (JsonNode sequence : sequences) {
      Set<Reason> reasons = EnumSet.noneOf(Reason.class);
      reasons.addAll(judge(sequence, true).reasons());
      if (!sequence.get("whole").asBoolean()) {
        // Two blocks of an attempt that was to have more, some with less in a sample than now.
        reasons.removeAll(Set.of(Reason.TOO_FEW_SAMPLES, Reason.COARSE_TIMER));
      }
      if (!reasons.isEmpty()) {
        flagged.add(
            "%s on %s: %s"
                .formatted(
                    sequence.get("model").asText(), sequence.get("browser").asText(), reasons));
      }
    }
    return flagged;
  }

  private static Predicate<JsonNode> noisy(boolean withLoad) {
    return sequence -> judge(sequence, withLoad).reasons().contains(Reason.NOISY);
  }

  private static Verdict judge(JsonNode sequence, boolean withLoad) {
    RunOptions run =
        new RunOptions(
            3, 20, 1000, 0.05, Duration.ofSeconds(3), Duration.ofSeconds(60), Isolation.EXCLUSIVE);
    return Judge.judge(
        new Measurement(
            run,
            Backend.WASM,
            Optional.of(Backend.WASM),
            Set.of(),
            Optional.empty(),
            Output.UNCOMPARED,
            sequence.get("warmups").asInt(),
            OptionalDouble.of(sequence.get("timer").asDouble()),
            false,
            blocks(sequence, withLoad)));
  }

  private static List<Block> blocks(JsonNode sequence, boolean withLoad) {
    List<Block> blocks = new ArrayList<>();
    for (JsonNode block : sequence.get("blocks")) {
      List<Double> samples = new ArrayList<>();
      block.get("samples").forEach(sample -> samples.add(sample.asDouble()));
      Load load =
          new Load(
              Duration.ofMillis(block.get("millis").asLong()),
              2,
              block.get("own").asDouble(),
              block.get("others").asDouble(),
              block.get("steal").asDouble(),
              OptionalDouble.of(block.get("wait").asDouble()),
              OptionalDouble.empty());
      blocks.add(
          new Block(
              samples,
              withLoad ? Optional.of(load) : Optional.empty(),
              true,
              false,
              PageState.AWAKE));
    }
    return blocks;
  }

  private static List<JsonNode> recorded(String name) throws IOException {
    try (InputStream in = RecordedSamplesTest.class.getResourceAsStream("/" + name)) {
      List<JsonNode> sequences = new ArrayList<>();
      new ObjectMapper().readTree(Objects.requireNonNull(in)).forEach(sequences::add);
      return sequences;
    }
  }
}
