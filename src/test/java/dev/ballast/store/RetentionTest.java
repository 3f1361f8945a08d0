package dev.ballast.store;

import static dev.ballast.store.TestingResults.audio;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.dispatch.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oldest history goes, by its age and by its weight; the journal stays. */
class RetentionTest {
  private static final long MIB = 1L << 20;
  private static final Retention A_DAY = new Retention(Duration.ofDays(1), 64 * MIB);

  @TempDir Path path;
  private DataDirectory directory;
  private Store store;

  @BeforeEach
  void open() {
    directory = DataDirectory.open(path.resolve("data"));
    store = Store.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
    directory.close();
  }

  @Test
  void resultsOlderThanTheAgeGoAndTheJournalStays() {
    Instant first = TestingResults.START;
    end(0, first);
    end(1, first.plus(Duration.ofHours(30)));
    end(2, first.plus(Duration.ofHours(31)));
    List<Event> before = replayed();

    store.trim(A_DAY, first.plus(Duration.ofHours(54)).plusSeconds(1));

    assertThat(store.journal().awaitSnapshot()).isTrue();
    assertThat(indexes()).containsExactly(2);
    assertThat(replayed()).isEqualTo(before);
    end(3, first.plus(Duration.ofHours(55)));
    assertThat(indexes()).containsExactly(2, 3);
  }

  @Test
  void allResultsMayBeTooOld() {
    end(0, TestingResults.START);
    end(1, TestingResults.START);

    store.trim(A_DAY, TestingResults.START.plus(Duration.ofDays(9)));

    assertThat(store.journal().awaitSnapshot()).isTrue();
    assertThat(indexes()).isEmpty();
    end(2, TestingResults.START);
    assertThat(indexes()).containsExactly(2);
  }

  @Test
  void theOldestGoWhenAllTogetherWeighMoreAndTheFileDoesNotGrowOn() throws Exception {
    Retention small = new Retention(Duration.ofDays(1), 16 * MIB);
    for (int round = 0; round < 4; round++) {
      end(round, TestingResults.START);
      // About 10 MB.
      multiply(round, 200_000);

      store.trim(small, TestingResults.START);

      assertThat(store.journal().awaitSnapshot()).isTrue();
      assertThat(used()).as("round %d", round).isLessThanOrEqualTo(small.bytes());
    }
    assertThat(Files.size(directory.database())).isLessThan(2 * small.bytes());
    assertThat(newest()).isEqualTo(3);
    assertThat(replayed()).hasSize(4);
  }

  @Test
  void evidenceGoesByAgeAndByWeightTheOldestFirst() throws Exception {
    Path evidence = directory.evidence();
    Instant now = TestingResults.START;
    evidence(evidence.resolve("old"), 1_000, now.minus(Duration.ofHours(25)));
    evidence(evidence.resolve("large"), 12 * (int) MIB, now.minus(Duration.ofHours(3)));
    evidence(evidence.resolve("newer"), 12 * (int) MIB, now.minus(Duration.ofHours(2)));

    EvidenceFiles.trim(evidence, new Retention(Duration.ofDays(1), 16 * MIB), now);

    assertThat(evidence).isDirectoryContaining("glob:**/newer");
    assertThat(evidence.resolve("newer/7-1/console.txt")).exists();
    assertThat(evidence.resolve("old")).doesNotExist();
    assertThat(evidence.resolve("large")).doesNotExist();
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    assertThatThrownBy(() -> new Retention(Duration.ZERO, 64 * MIB))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Retention(Duration.ofDays(1), 16 * MIB - 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void evidence(Path job, int bytes, Instant at) throws Exception {
    Path attempt = Files.createDirectories(job.resolve("7-1"));
    Path console = attempt.resolve("console.txt");
    Files.write(console, new byte[bytes]);
    for (Path file : List.of(console, attempt, job)) {
      Files.setLastModifiedTime(file, FileTime.from(at));
    }
  }

  private void end(int index, Instant at) {
    store.journal().append(List.of(audio().job("a", index).at(at).ended()), List.of());
  }

  /** As if so many others had ended with it, none like another. */
  private void multiply(int index, int times) throws Exception {
    try (DuckDBConnection connection = store.connection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO attempts
          SELECT a.* REPLACE ([random(), random(), random(), random()] AS samples)
          FROM attempts a, range(%d) WHERE a.index = %d
          """
              .formatted(times, index));
    }
  }

  private long used() throws Exception {
    try (DuckDBConnection connection = store.connection()) {
      return Trimming.used(connection);
    }
  }

  private int newest() throws Exception {
    try (DuckDBConnection connection = store.connection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT max(index) FROM attempts")) {
      row.next();
      return row.getInt(1);
    }
  }

  private List<Integer> indexes() {
    return store.history().results(ResultFilter.ALL).stream()
        .map(result -> result.index())
        .toList();
  }

  private List<Event> replayed() {
    List<Event> events = new ArrayList<>();
    store.journal().replay(events::add);
    return events;
  }
}
