package dev.ballast.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkResultTest {
  /** Ten tasks in a second, beside tests of a second each: ten times. */
  private static BenchmarkResult.Round round(double tasksMillis, double sessionMillis) {
    return new BenchmarkResult.Round(
        Collections.nCopies(10, new BenchmarkResult.Task(70, 40)),
        tasksMillis,
        List.of(sessionMillis, sessionMillis));
  }

  @Test
  void theRatioIsTheGeometricMeanOverTheRoundsWithItsInterval() {
    var result = new BenchmarkResult("chromium 156", List.of(round(500, 1000), round(2000, 1000)));

    assertThat(result.ratio().value()).isCloseTo(10, within(1e-9));
    assertThat(result.ratio().low95()).isLessThan(5);
    assertThat(result.ratio().high95()).isGreaterThan(20);
  }

  @Test
  void equalRoundsLeaveNoDoubt() {
    var result = new BenchmarkResult("chromium 156", Collections.nCopies(4, round(1000, 1000)));

    assertThat(result.ratio().low95()).isCloseTo(10, within(1e-9));
    assertThat(result.ratio().high95()).isCloseTo(10, within(1e-9));
    assertThat(result.tasksPerSecond()).isCloseTo(10, within(1e-9));
    assertThat(result.sessionsPerSecond()).isCloseTo(1, within(1e-9));
    assertThat(result.endToEnd().p50()).isCloseTo(100, within(1e-9));
    assertThat(result.overhead().p50()).isCloseTo(30, within(1e-9));
  }

  @Test
  void theTableNamesTheMachineEveryBrowserAndTheRatio() {
    var result =
        new BenchmarkResult("firefox 153.7.0esr", Collections.nCopies(4, round(1000, 1000)));

    assertThat(BenchmarkText.render("a machine, 2 cores", "10 tasks a round", List.of(result)))
        .startsWith("a machine, 2 cores\n10 tasks a round\n")
        .containsPattern(
            "firefox 153.7.0esr +10.0/s +40.0 ms +30.0 ms +100 ms +1.00/s, 1.00 s +10.0 \\(10.0–10.0\\)")
        .contains("overhead p50 30.0 ms, p90 30.0 ms, p99 30.0 ms of 40 tasks in 4 rounds");
  }

  @Test
  void noRoundIsNoResult() {
    assertThatThrownBy(() -> new BenchmarkResult("chromium 156", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
