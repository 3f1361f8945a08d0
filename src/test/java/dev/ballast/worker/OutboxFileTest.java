package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.Examples;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.TaskId;
import dev.ballast.model.WorkerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxFileTest {
  private static final WorkerId WORKER = new WorkerId("node/7 worker");

  @TempDir Path folder;

  @Test
  void whatWasNotAcknowledgedIsThereAfterTheWorkersEnd() {
    outbox().add(report(1));
    outbox().add(report(2));

    assertThat(outbox().batch()).containsExactly(report(1), report(2));
  }

  @Test
  void whatWasAcknowledgedIsNotSentAgain() {
    Outbox outbox = outbox();
    outbox.add(report(1));
    outbox.acknowledge(List.of(report(1).result().attemptId()));

    assertThat(outbox().isEmpty()).isTrue();
  }

  @Test
  void aLineThatTheEndHasTornIsNoReport() throws IOException {
    outbox().add(report(1));
    Path file;
    try (var files = Files.list(folder)) {
      file = files.findFirst().orElseThrow();
    }
    Files.writeString(file, "{\"result\":{\"schema\":1,", StandardOpenOption.APPEND);

    outbox().add(report(2));

    assertThat(outbox().batch()).containsExactly(report(1), report(2));
  }

  @Test
  void theFileDoesNotGrowWithWhatWasAcknowledged() throws IOException {
    Outbox outbox = outbox();
    outbox.add(report(0));
    for (int index = 1; index <= 2000; index++) {
      outbox.add(report(index));
      outbox.acknowledge(List.of(report(index).result().attemptId()));
    }

    try (var files = Files.list(folder)) {
      assertThat(files)
          .singleElement()
          .satisfies(file -> {
            assertThat(Files.readAllLines(file)).hasSizeLessThan(300);
          });
    }
    assertThat(outbox().batch()).startsWith(report(0));
  }

  private Outbox outbox() {
    return new Outbox(OutboxFile.in(folder, WORKER));
  }

  private static AttemptReport report(int index) {
    return new AttemptReport(
        Examples.result(
            new AttemptId(new TaskId("uid", index), 1, 1),
            Examples.model("vad", ModelFamily.AUDIO),
            Backend.WASM,
            Examples.browser(BrowserKind.CHROMIUM),
            "w1",
            Outcome.SUCCEEDED,
            Instant.parse("2026-01-01T00:00:00Z"),
            5),
        null);
  }
}
