package dev.ballast.store.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.Priors;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.store.affinity.Affinity.Agreement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AffinitiesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Speed> speeds = new ArrayList<>();

  @Test
  void theLeadIsAGeometricMeanOverModels() {
    repeat("a", "chromium", 10, 10.1, 9.9);
    repeat("a", "firefox", 20, 20.2, 19.8);
    repeat("b", "chromium", 1, 1.01, 0.99);
    repeat("b", "firefox", 8, 8.08, 7.92);

    Affinity.Lead lead = lead();

    assertThat(family().best().place()).hasToString("chromium/wasm");
    assertThat(lead.over()).hasToString("firefox/wasm");
    assertThat(lead.ratio().mean()).isCloseTo(4, within(1e-3)); // √(2 × 8)
    assertThat(lead.ratio().decided()).isTrue();
    assertThat(lead.evidence()).isEqualTo(new Affinity.Evidence(12, 2, 0));
    assertThat(lead.agreement()).isEqualTo(Agreement.DISAGREES);
  }

  @Test
  void modelsThatDifferDoNotWidenTheIntervalOfHowWellTheyWereMeasured() {
    repeat("a", "chromium", 10, 10.1, 9.9);
    repeat("a", "firefox", 20, 20.2, 19.8);
    repeat("b", "chromium", 1, 1.01, 0.99);
    repeat("b", "firefox", 8, 8.08, 7.92);

    Estimate ratio = lead().ratio();

    assertThat(ratio.low95().orElseThrow()).isBetween(3.9, 4.0);
    assertThat(ratio.high95().orElseThrow()).isBetween(4.0, 4.1);
  }

  @Test
  void whatTheIntervalDoesNotDecideStaysUndecided() {
    repeat("a", "chromium", 10, 12, 9);
    repeat("a", "firefox", 10.5, 9.4, 12.5);

    assertThat(lead().agreement()).isEqualTo(Agreement.UNDECIDED);
  }

  @Test
  void twoRepetitionsTellNoInterval() {
    repeat("a", "chromium", 10, 12);

    Estimate millis = family().cells().getFirst().millis();

    assertThat(millis.mean()).isCloseTo(Math.sqrt(120), within(1e-9));
    assertThat(millis.low95()).isEmpty();
    assertThat(millis.high95()).isEmpty();
  }

  @Test
  void withoutRepetitionsNothingIsDecided() {
    repeat("a", "chromium", 10);
    repeat("a", "firefox", 20);

    assertThat(lead().ratio().mean()).isCloseTo(2, within(1e-9));
    assertThat(lead().ratio().decided()).isFalse();
  }

  @Test
  void aSingleMeasurementBorrowsTheSpreadOfTheOthers() {
    repeat("a", "chromium", 10, 11, 9, 10);
    repeat("a", "firefox", 20);

    Estimate ratio = lead().ratio();

    double log = Math.log(ratio.mean());
    double lower = log - Math.log(ratio.low95().orElseThrow());
    assertThat(Math.log(ratio.high95().orElseThrow()) - log).isCloseTo(lower, within(1e-9));
    // √(s²/4 + s²) of the four logarithms, times t of 3 degrees
    assertThat(lower).isCloseTo(3.1824 * 0.08205 * Math.sqrt(1.25), within(0.01));
  }

  @Test
  void softwareAdaptersAndHardwareAreNeverCompared() {
    repeat("a", "chromium", 10, 10.1);
    repeat("a", "firefox", 12, 12.1);
    speeds.add(speed("a", "firefox", "webgpu", 1, true));

    List<Affinity> families = Affinities.ofFamilies(speeds, Priors.DEFAULTS);

    assertThat(families).hasSize(2);
    assertThat(families.get(0).best().place()).hasToString("chromium/wasm");
    assertThat(families.get(1).software()).isTrue();
    assertThat(families.get(1).best().lead()).isEmpty();
    assertThat(families.get(1).priors()).isEmpty();
  }

  @Test
  void aBackendThatRanOneSmallModelIsNotTheFamilysBest() {
    for (String model : List.of("a", "b", "c")) {
      repeat(model, "chromium", 10, 10.1);
      repeat(model, "firefox", 12, 12.1);
    }
    speeds.add(speed("a", "edge", "webnn", 1, false));

    assertThat(family().best().place()).hasToString("chromium/wasm");
  }

  @Test
  void theOnlyKindIsComparedWithItsOtherBackend() {
    repeat("a", "chromium", 10, 10.1, 9.9);
    speeds.add(speed("a", "chromium", "webnn", 5, false));

    assertThat(family().best().place()).hasToString("chromium/webnn");
    assertThat(lead().over()).hasToString("chromium/wasm");
    assertThat(lead().agreement()).isEqualTo(Agreement.NO_PRIOR);
  }

  @Test
  void theIntervalHoldsTheTruthAboutNineteenTimesInTwenty() {
    Random random = new Random(11);
    int held = 0;
    int rounds = 400;
    for (int round = 0; round < rounds; round++) {
      speeds.clear();
      for (String model : List.of("a", "b")) {
        for (int i = 0; i < 4; i++) {
          repeat(model, "chromium", 10 * Math.exp(0.03 * random.nextGaussian()));
          repeat(model, "firefox", 13 * Math.exp(0.03 * random.nextGaussian()));
        }
      }
      Estimate ratio = lead().ratio();
      held += ratio.low95().orElseThrow() <= 1.3 && 1.3 <= ratio.high95().orElseThrow() ? 1 : 0;
    }
    assertThat(held / (double) rounds).isBetween(0.92, 0.99);
  }

  private Affinity family() {
    return Affinities.ofFamilies(speeds, Priors.DEFAULTS).getFirst();
  }

  private Affinity.Lead lead() {
    return family().best().lead().orElseThrow();
  }

  private void repeat(String model, String kind, double... means) {
    for (double mean : means) {
      speeds.add(speed(model, kind, "wasm", mean, false));
    }
  }

  private Speed speed(String model, String kind, String backend, double mean, boolean software) {
    return new Speed(
        START.plusSeconds(speeds.size()),
        ModelFamily.AUDIO,
        model,
        new Place(new BrowserKind(kind), new Backend(backend)),
        software,
        false,
        mean);
  }
}
