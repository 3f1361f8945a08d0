package dev.ballast.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.cli.report.Affinity.Agreement;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BestBrowserTest {
  private final List<AttemptResult> results = new ArrayList<>();

  @Test
  void theRatioIsAGeometricMeanOverModels() {
    repeat("a", "chromium", "wasm", 10, 10.1, 9.9);
    repeat("a", "firefox", "wasm", 20, 20.2, 19.8);
    repeat("b", "chromium", "wasm", 1, 1.01, 0.99);
    repeat("b", "firefox", "wasm", 8, 8.08, 7.92);

    Affinity affinity = only();
    assertThat(affinity.best()).hasToString("chromium/wasm");
    assertThat(affinity.against())
        .hasValueSatisfying(c -> assertThat(c).hasToString("firefox/wasm"));
    Affinity.Ratio ratio = affinity.ratio().orElseThrow();
    assertThat(ratio.value()).isCloseTo(4, within(1e-3)); // √(2 × 8)
    assertThat(ratio.decided()).isTrue();
    assertThat(affinity.evidence()).isEqualTo(new Affinity.Evidence(12, 2, 0));
    assertThat(affinity.agreement()).isEqualTo(Agreement.DISAGREES);
  }

  @Test
  void whatTheIntervalDoesNotDecideStaysUndecided() {
    repeat("a", "chromium", "wasm", 10, 12, 9);
    repeat("a", "firefox", "wasm", 10.5, 9.4, 12.5);

    assertThat(only().agreement()).isEqualTo(Agreement.UNDECIDED);
  }

  @Test
  void withoutRepetitionsThereIsNoInterval() {
    repeat("a", "chromium", "wasm", 10);
    repeat("a", "firefox", "wasm", 20);

    Affinity.Ratio ratio = only().ratio().orElseThrow();
    assertThat(ratio.low95()).isEmpty();
    assertThat(ratio.decided()).isFalse();
  }

  @Test
  void aSoftwareRasteriserIsNotComparedWithTheRest() {
    repeat("a", "chromium", "wasm", 10, 10.1);
    repeat("a", "firefox", "wasm", 12, 12.1);
    for (double millis : new double[] {1, 1.1}) {
      add("a", "firefox", "webgpu", millis, Reason.SOFTWARE_ADAPTER);
    }

    List<Affinity> statements = BestBrowser.of(results, Priors.DEFAULTS);
    assertThat(statements).hasSize(2);
    assertThat(statements.get(0).best()).hasToString("chromium/wasm");
    assertThat(statements.get(1).softwareGpu()).isTrue();
    assertThat(statements.get(1).against()).isEmpty();
  }

  @Test
  void rejectedColdThrottledAndFailedResultsDoNotCount() {
    repeat("a", "chromium", "wasm", 10, 10.1);
    add("a", "firefox", "wasm", 1, Reason.WRONG_OUTPUT);
    add("a", "firefox", "wasm", 1, Reason.COLD);
    add("a", "firefox", "wasm", 1, Reason.THROTTLED);
    results.add(
        TestingResults.result()
            .model("a", ModelFamily.AUDIO)
            .on("firefox", "wasm")
            .failed(Outcome.CRASHED, null, null)
            .build());

    assertThat(only().against()).isEmpty();
    assertThat(only().evidence().attempts()).isEqualTo(2);
  }

  @Test
  void aBackendThatRanOneSmallModelIsNotTheFamilysBest() {
    for (String model : List.of("a", "b", "c")) {
      repeat(model, "chromium", "wasm", 10, 10.1);
      repeat(model, "firefox", "wasm", 12, 12.1);
    }
    repeat("a", "edge", "webnn", 1, 1.01);

    assertThat(only().best()).hasToString("chromium/wasm");
  }

  @Test
  void theIntervalHoldsTheTruthAboutNineteenTimesInTwenty() {
    Random random = new Random(11);
    int held = 0;
    int rounds = 400;
    for (int round = 0; round < rounds; round++) {
      results.clear();
      for (String model : List.of("a", "b")) {
        for (int i = 0; i < 4; i++) {
          add(model, "chromium", "wasm", 10 * Math.exp(0.03 * random.nextGaussian()));
          add(model, "firefox", "wasm", 13 * Math.exp(0.03 * random.nextGaussian()));
        }
      }
      Affinity.Ratio ratio = only().ratio().orElseThrow();
      held += ratio.low95().orElseThrow() <= 1.3 && 1.3 <= ratio.high95().orElseThrow() ? 1 : 0;
    }
    assertThat(held / (double) rounds).isBetween(0.92, 0.98);
  }

  @Test
  void chromiumInheritsThePriorOfChrome() {
    assertThat(
            Priors.DEFAULTS.advantage(
                ModelFamily.VISION, new dev.ballast.model.BrowserKind("chromium")))
        .isEqualTo(1.2);
  }

  private Affinity only() {
    List<Affinity> statements = BestBrowser.of(results, Priors.DEFAULTS);
    assertThat(statements).hasSize(1);
    return statements.getFirst();
  }

  private void repeat(String model, String kind, String backend, double... means) {
    for (double mean : means) {
      add(model, kind, backend, mean);
    }
  }

  private void add(String model, String kind, String backend, double mean, Reason... reasons) {
    results.add(
        TestingResults.result()
            .model(model, ModelFamily.AUDIO)
            .on(kind, backend)
            .index(results.size())
            .samples(mean, mean)
            .reasons(reasons)
            .build());
  }
}
