package dev.ballast.worker.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelKillsTest {
  @TempDir Path folder;

  @Test
  void theFirstCounterThatIsThereCounts() throws Exception {
    Path second = folder.resolve("memory.events");
    Files.writeString(second, "low 0\nhigh 12\nmax 3\noom 3\noom_kill 2\noom_group_kill 0\n");
    Path third =
        Files.writeString(folder.resolve("memory.oom_control"), "under_oom 0\noom_kill 9\n");

    var kills = new KernelKills(List.of(folder.resolve("absent"), second, third));

    assertThat(kills.count()).hasValue(2);
    Files.writeString(second, "oom_kill 3\n");
    assertThat(kills.count()).hasValue(3);
  }

  @Test
  void whereNobodyCountsTheNumberIsAbsent() {
    assertThat(new KernelKills(List.of(folder.resolve("absent"))).count()).isEmpty();
  }
}
