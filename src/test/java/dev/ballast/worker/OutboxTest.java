package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.AttemptReport.Evidence;
import dev.ballast.model.Backend;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TaskId;
import dev.ballast.model.TestModel;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final Outbox outbox = new Outbox(OutboxFile.none());

  @Test
  void aBatchIsShortAndGoesOnWhereItWasAcknowledged() {
    for (int index = 0; index < 100; index++) {
      outbox.add(report(index, null));
    }

    assertThat(outbox.batch()).hasSize(64);
    outbox.acknowledge(outbox.batch().stream().map(one -> one.result().attemptId()).toList());
    assertThat(outbox.batch()).hasSize(36);
  }

  @Test
  void muchEvidenceIsSpreadOverSeveralExchanges() {
    String megabytes = "x".repeat(5 << 20);
    for (int index = 0; index < 3; index++) {
      outbox.add(report(index, new Evidence("console", megabytes)));
    }

    assertThat(outbox.batch()).hasSize(1);
    outbox.acknowledge(List.of(outbox.batch().getFirst().result().attemptId()));
    assertThat(outbox.batch())
        .singleElement()
        .satisfies(report -> assertThat(report.result().index()).isEqualTo(1));
  }

  @Test
  void evidenceLargerThanABatchIsSentAlone() {
    outbox.add(report(1, new Evidence("x".repeat(9 << 20), null)));
    outbox.add(report(2, null));

    assertThat(outbox.batch()).hasSize(1);
  }

  private static AttemptReport report(int index, Evidence evidence) {
    Assignment assignment =
        new Assignment(
            new AttemptId(new TaskId("job", index), 1, 1),
            "default",
            "job",
            new TestModel("m", ModelFamily.OTHER, new ModelSource.Builtin("m"), List.of()),
            Backend.WASM,
            false,
            RunOptions.DEFAULTS,
            List.of());
    AgentSettings settings =
        new AgentSettings(
            new WorkerId("w1"),
            "pool",
            Map.of(),
            "machine",
            "node",
            "os",
            1,
            OptionalLong.empty(),
            1,
            Duration.ofSeconds(1));
    return new AttemptDraft(assignment, settings)
        .failed(new AttemptFailure(Outcome.FAILED, "page-error", "broken"), evidence);
  }
}
