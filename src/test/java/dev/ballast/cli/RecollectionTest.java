package dev.ballast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.Hardware;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.ProfileKey;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.Event;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import dev.ballast.store.DataDirectory;
import dev.ballast.store.Store;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecollectionTest {
  @TempDir Path data;

  @Test
  void measuredHistoryOverridesAWrongPriorAfterARestart() {
    remember("chromium", 1.0, 10);
    remember("firefox", 2.0, 10);

    Profiles fresh = new Profiles(Priors.DEFAULTS);
    assertThat(iterationSeconds(fresh, "firefox")).isLessThan(iterationSeconds(fresh, "chromium"));

    try (DataDirectory directory = DataDirectory.open(data);
        Store store = Store.open(directory)) {
      Recollection.recall(store.history(), fresh);
    }

    assertThat(iterationSeconds(fresh, "chromium")).isLessThan(iterationSeconds(fresh, "firefox"));
  }

  private static double iterationSeconds(Profiles profiles, String kind) {
    return profiles
        .iterationSeconds(
            new ProfileKey(
                "vad", ModelFamily.AUDIO, new BrowserKind(kind), "1", Backend.WASM, Hardware.CPU))
        .typical();
  }

  private void remember(String kind, double millis, int attempts) {
    try (DataDirectory directory = DataDirectory.open(data);
        Store store = Store.open(directory)) {
      List<Event> events = new ArrayList<>();
      for (int index = 0; index < attempts; index++) {
        events.add(
            new Event.AttemptEnded(result(kind, index, millis), Optional.empty(), Instant.EPOCH));
      }
      store.journal().append(events);
    }
  }

  private static AttemptResult result(String kind, int index, double millis) {
    return new AttemptResult(
        AttemptResult.SCHEMA,
        "default",
        "job",
        "uid-" + kind,
        index,
        1,
        1,
        new AttemptResult.Model("vad", ModelFamily.AUDIO, null),
        null,
        new AttemptResult.Backends(Backend.WASM, Backend.WASM),
        new BrowserInstance(new BrowserKind(kind), "1", "instance", List.of()),
        null,
        "worker",
        null,
        null,
        Instant.EPOCH.plusSeconds(index),
        new Phases(0, 0, 0, 0, 0, millis, 0, 2 * millis, 0, 0),
        3 * millis,
        true,
        List.of(millis, millis),
        Summary.of(new double[] {millis, millis}),
        null,
        null,
        Outcome.SUCCEEDED,
        null,
        null,
        Verdict.TRUSTED);
  }
}
