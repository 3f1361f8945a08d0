package dev.ballast.worker.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanGuardTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void whatOutlivesItsOwnerIsKilledAndItsDirectoryDeleted(@TempDir Path parent) throws Exception {
    assumeThat(Path.of("/proc/self")).as("Linux").exists();
    Path directory = Files.createDirectory(parent.resolve("chromium-1"));
    Files.writeString(directory.resolve("profile"), "");
    var guard = OrphanGuard.over(directory);
    var marked = sleeping(directory);
    var other = sleeping(parent.resolve("chromium-2"));

    guard.close(); // As the system does when this JVM dies: the pipe closes.

    assertThat(marked.onExit()).succeedsWithin(SOON);
    Awaitility.await().atMost(SOON).until(() -> !Files.exists(directory));
    assertThat(other.isAlive()).isTrue();
    other.destroyForcibly();
  }

  private static Process sleeping(Path mark) throws Exception {
    var builder = new ProcessBuilder("sleep", "60");
    builder.environment().put(ProcessMark.VARIABLE, mark.toString());
    return builder.start();
  }
}
