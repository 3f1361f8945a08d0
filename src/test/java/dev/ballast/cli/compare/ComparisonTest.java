package dev.ballast.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ballast.cli.compare.Comparison.Change;
import dev.ballast.cli.report.TestingResults;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.store.affinity.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final List<AttemptResult> base = new ArrayList<>();
  private final List<AttemptResult> changed = new ArrayList<>();

  @Test
  void whatIsSlowerBeyondItsIntervalIsARegression() {
    measured(base, "vad", 1.0, 1.01, 0.99, 1.0);
    measured(changed, "vad", 1.2, 1.21, 1.19, 1.2);
    measured(base, "kws", 5, 5.1, 4.9);
    measured(changed, "kws", 5.05, 4.95, 5.0);

    Comparison comparison = compare(0);

    assertThat(comparison.rows())
        .extracting(row -> row.cell().model(), Comparison.Row::change)
        .containsExactly(tuple("kws", Change.UNCHANGED), tuple("vad", Change.SLOWER));
    assertThat(comparison.regressed()).isTrue();
    Estimate ratio = comparison.rows().getLast().ratio().orElseThrow();
    assertThat(ratio.mean()).isBetween(1.19, 1.21);
  }

  @Test
  void whatLiesWithinTheToleranceIsNone() {
    measured(base, "vad", 1.0, 1.01, 0.99, 1.0);
    measured(changed, "vad", 1.2, 1.21, 1.19, 1.2);

    assertThat(compare(0.25).regressed()).isFalse();
  }

  @Test
  void whatIsFasterIsNoRegression() {
    measured(base, "vad", 1.2, 1.21, 1.19, 1.2);
    measured(changed, "vad", 1.0, 1.01, 0.99, 1.0);

    assertThat(only().change()).isEqualTo(Change.FASTER);
    assertThat(compare(0).regressed()).isFalse();
  }

  @Test
  void oneRepetitionDecidesNothing() {
    measured(base, "vad", 1);
    measured(changed, "vad", 9);

    assertThat(only().change()).isEqualTo(Change.UNKNOWN);
    assertThat(compare(0).regressed()).isFalse();
  }

  @Test
  void whatFailsNowIsARegressionAndWhatWorksNowIsNot() {
    measured(base, "vad", 1, 1, 1);
    changed.add(
        TestingResults.result()
            .model("vad", ModelFamily.AUDIO)
            .failed(Outcome.CRASHED, "crashed", "gone")
            .build());

    assertThat(only().change()).isEqualTo(Change.BROKEN);
    assertThat(compare(0).regressed()).isTrue();
    assertThat(Comparison.of(/* base= */ changed, /* changed= */ base, 0, Set.of()).regressed())
        .isFalse();
  }

  @Test
  void cellsThatOnlyOneReportHasAreListedAndNotJudged() {
    measured(base, "vad", 1, 1, 1);
    measured(changed, "kws", 1, 1, 1);

    assertThat(compare(0).rows())
        .extracting(Comparison.Row::change)
        .containsExactly(Change.ONLY_NEW, Change.ONLY_BASE);
    assertThat(compare(0).regressed()).isFalse();
  }

  @Test
  void anotherBrowserVersionIsUnlikeUntilItIsAllowed() {
    measured(base, "vad", 1, 1.01, 0.99);
    for (double millis : new double[] {1, 1.01, 0.99}) {
      changed.add(
          TestingResults.result()
              .model("vad", ModelFamily.AUDIO)
              .version("157.0")
              .samples(millis, millis)
              .build());
    }

    Comparison refused = compare(0);
    assertThat(refused.unlike())
        .containsExactly("browser: chromium 156.0.8078.73, now chromium 157.0");
    assertThat(refused.rows()).isEmpty();

    Comparison allowed = Comparison.of(base, changed, 0, Set.of("browser"));
    assertThat(allowed.unlike()).isEmpty();
    assertThat(allowed.different()).hasSize(1);
    assertThat(allowed.rows()).hasSize(1);
  }

  @Test
  void withoutAChangeAFalseAlarmIsRare() {
    Random random = new Random(5);
    int alarms = 0;
    int rounds = 400;
    for (int round = 0; round < rounds; round++) {
      base.clear();
      changed.clear();
      for (int i = 0; i < 5; i++) {
        measured(base, "vad", 10 * Math.exp(0.03 * random.nextGaussian()));
        measured(changed, "vad", 10 * Math.exp(0.03 * random.nextGaussian()));
      }
      alarms += compare(0).regressed() ? 1 : 0;
    }
    // One-sided 2.5 %.
    assertThat(alarms / (double) rounds).isBetween(0.005, 0.05);
  }

  @Test
  void theTableBeginsWithWhatBecameWorse() {
    measured(base, "a", 1, 1.01, 0.99);
    measured(changed, "a", 1, 1.01, 0.99);
    measured(base, "b", 1, 1.01, 0.99);
    measured(changed, "b", 2, 2.02, 1.98);

    List<String> lines = ComparisonTable.render(compare(0)).lines().toList();

    assertThat(lines.get(1)).startsWith("b ").endsWith(" slower").contains("2.00× (1.9");
    assertThat(lines.getLast()).isEqualTo("1 of 2 cells became worse.");
  }

  private Comparison compare(double tolerance) {
    return Comparison.of(base, changed, tolerance, Set.of());
  }

  private Comparison.Row only() {
    assertThat(compare(0).rows()).hasSize(1);
    return compare(0).rows().getFirst();
  }

  private static void measured(List<AttemptResult> report, String model, double... means) {
    for (double mean : means) {
      report.add(
          TestingResults.result()
              .model(model, ModelFamily.AUDIO)
              .index(report.size())
              .samples(mean, mean)
              .build());
    }
  }
}
