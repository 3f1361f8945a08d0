package dev.ballast.store;

import static dev.ballast.store.TestingResults.audio;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.dispatch.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history follows the journal, and misses nothing of it, whatever comes between. */
class ChronicleTest {
  @TempDir Path path;
  private Database database;
  private DuckDbJournal journal;

  @BeforeEach
  void open() {
    database = Database.open(path.resolve("ballast.duckdb"));
    journal = new DuckDbJournal(database, 2);
  }

  @AfterEach
  void close() {
    journal.close();
    database.close();
  }

  @Test
  void whatACrashKeptFromTheHistoryIsMadeFromTheJournal() throws SQLException {
    end(0, 1, 2);
    assertThat(indexes()).containsExactly(0, 1, 2);
    // As a crash leaves it between the second and the third.
    sql("DELETE FROM attempts WHERE index = 2");
    sql("UPDATE caught_up SET upto = 2");
    close();
    open();
    end(3);

    assertThat(indexes()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void rowsThatCannotBeWrittenNowAreWrittenOnce() throws SQLException {
    end(0);
    assertThat(indexes()).containsExactly(0);
    sql("ALTER TABLE attempts RENAME TO away");
    end(1);
    assertThatThrownBy(this::indexes).isInstanceOf(StoreException.class);
    sql("ALTER TABLE away RENAME TO attempts");
    end(2);

    assertThat(indexes()).containsExactly(0, 1, 2);
    assertThat(indexes()).containsExactly(0, 1, 2);
  }

  @Test
  void whatDoesNotFitInMemoryIsReadFromTheJournalAgain() throws SQLException {
    sql("ALTER TABLE attempts RENAME TO away");
    end(0, 1, 2, 3);
    end(4);
    end(5, 6, 7);
    end(8);
    sql("ALTER TABLE away RENAME TO attempts");

    assertThat(indexes()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void aSnapshotLeavesNothingOutOfTheHistory() throws IOException {
    end(0, 1);
    journal.snapshot(List.of(audio().job("a", 0).ended()));
    assertThat(journal.awaitSnapshot()).isTrue();

    Path crashed = Files.createDirectories(path.resolve("crashed")).resolve("ballast.duckdb");
    for (String name : List.of("", ".wal", ".mark")) {
      Files.copy(path.resolve("ballast.duckdb" + name), Path.of(crashed + name));
    }
    try (Database again = Database.open(crashed);
        DuckDbJournal _ = new DuckDbJournal(again)) {
      assertThat(indexes(again)).containsExactly(0, 1);
    }
  }

  private void end(int... indexes) {
    List<Event> batch = new java.util.ArrayList<>();
    for (int index : indexes) {
      batch.add(audio().job("a", index).ended());
    }
    journal.append(batch, List.of());
  }

  private List<Integer> indexes() {
    return indexes(database);
  }

  private static List<Integer> indexes(Database of) {
    return new History(of)
        .results(ResultFilter.ALL).stream().map(result -> result.index()).toList();
  }

  private void sql(String statement) throws SQLException {
    try (var connection = database.connection();
        Statement side = connection.createStatement()) {
      side.execute(statement);
    }
  }
}
