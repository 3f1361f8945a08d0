package dev.ballast.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.Priors;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.store.affinity.Affinities;
import dev.ballast.store.affinity.Place;
import dev.ballast.store.affinity.Speed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTableTest {
  private final List<Speed> speeds = new ArrayList<>();

  @Test
  void withoutMeasurementsItSaysWhatToDo() {
    assertThat(table().lines())
        .hasSize(2)
        .last()
        .isEqualTo("Measure something with: bin/ballast quickstart");
  }

  @Test
  void anIntervalThatCannotBeToldIsADashAndSaysWhy() {
    measured("vad", "firefox", 1, 1.2);
    measured("vad", "chromium", 2);

    assertThat(table().lines())
        .anyMatch(
            line -> line.matches("audio +vad +firefox +wasm +2 +1\\.10 ms +–  1\\.83× \\(–\\)"))
        .anyMatch(line -> line.startsWith("–: too few repetitions"))
        .anyMatch(line -> line.startsWith("  ahead, but undecided: firefox/wasm"))
        .noneMatch(line -> line.contains("(1 model)  "));
  }

  @Test
  void twoModelsOfAFamilyHaveAnIntervalOfTheirRepetitions() {
    measured("vad", "firefox", 1, 1.01, 0.99, 1);
    measured("vad", "chromium", 2, 2.02, 1.98, 2);
    measured("kws", "firefox", 10, 10.1, 9.9, 10);
    measured("kws", "chromium", 11, 11.1, 10.9, 11);

    assertThat(table().lines())
        .anyMatch(line -> line.startsWith("audio          (2 models)      firefox   wasm"))
        .anyMatch(line ->
            line.contains("prior: firefox 1.55×, measured 1.48× (1.4") && line.endsWith("agrees"))
        .noneMatch(line -> line.contains("too few"))
        .allMatch(line -> Text.width(line) <= ResultsTable.WIDTH);
  }

  private String table() {
    return HistoryTable.render(Affinities.of(speeds, Priors.DEFAULTS));
  }

  private void measured(String model, String kind, double... millis) {
    for (double time : millis) {
      speeds.add(
          new Speed(
              Instant.EPOCH.plusSeconds(speeds.size()),
              ModelFamily.AUDIO,
              model,
              new Place(new BrowserKind(kind), Backend.WASM),
              false,
              false,
              time));
    }
  }
}
