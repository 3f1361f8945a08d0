package dev.ballast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.JobState;
import dev.ballast.dispatch.JobView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that older versions wrote are read: each is kept as that version left it. */
class OlderFileTest {
  @TempDir Path path;

  /**
   * Written by the first schema: a finished job with a retry, a cancelled one, one half done with
   * changes and failures, and one that waits; two reigns.
   */
  @Test
  void aFileOfTheFirstSchemaGoesOnWhereItStopped() throws IOException {
    Path file = path.resolve("ballast.duckdb");
    try (InputStream old =
        new GZIPInputStream(
            OlderFileTest.class.getResourceAsStream("/journal/schema-1.duckdb.gz"))) {
      Files.copy(old, file);
    }
    try (Database database = Database.open(file);
        DuckDbJournal journal = new DuckDbJournal(database)) {
      assertAsItWas(journal);
      journal.snapshot(TestingSnapshots.of(journal));
      assertThat(journal.awaitSnapshot()).isTrue();
      assertAsItWas(journal);
      assertThat(new History(database).results(ResultFilter.ALL)).hasSize(8);
    }
  }

  private static void assertAsItWas(DuckDbJournal journal) {
    var profiles = new dev.ballast.balancer.Profiles(dev.ballast.balancer.Priors.DEFAULTS);
    try (DispatchLoop loop =
        new DispatchLoop(
            journal,
            profiles,
            DispatchSettings.DEFAULTS,
            new DispatchLoop.Ports(
                InstantSource.fixed(Instant.parse("2026-01-01T00:01:00Z")),
                new SplittableRandom(1),
                () -> "fresh"))) {
      assertThat(loop.jobs())
          .extracting(JobView::uid)
          .containsExactly("job-1", "job-2", "job-3", "job-4");
      JobView finished = loop.job("job-1").orElseThrow();
      assertThat(finished.state()).isEqualTo(JobState.COMPLETE);
      assertThat(finished.tasks())
          .extracting(JobView.TaskView::attempts)
          .containsExactly(1, 2, 1, 1);
      assertThat(loop.job("job-2").orElseThrow().state()).isEqualTo(JobState.CANCELLED);
      JobView half = loop.job("job-3").orElseThrow();
      assertThat(half.state()).isEqualTo(JobState.RUNNING);
      assertThat(half.counts().succeeded()).isEqualTo(1);
      assertThat(half.spec().priority()).isEqualTo(7);
      assertThat(half.tasks())
          .extracting(JobView.TaskView::attempts)
          .containsExactly(2, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0);
      assertThat(loop.job("job-4").orElseThrow().state()).isEqualTo(JobState.ACCEPTED);
    }
  }
}
