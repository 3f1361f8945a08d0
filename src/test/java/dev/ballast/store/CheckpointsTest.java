package dev.ballast.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path path;
  private Database database;
  private Checkpoints checkpoints;

  @BeforeEach
  void open() throws SQLException {
    database = Database.open(path.resolve("ballast.duckdb"));
    checkpoints = new Checkpoints(database);
    sql("CHECKPOINT");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aLargeLogIsMovedIntoTheFileOnceItIsQuiet() throws Exception {
    fill(Checkpoints.WORTH_BYTES);
    look(1, Checkpoints.STILL);
    assertThat(logBytes()).isGreaterThan(Checkpoints.WORTH_BYTES);

    checkpoints.look(1);

    assertThat(logBytes()).isLessThan(1 << 16);
    assertThat(rows()).isEqualTo(Checkpoints.WORTH_BYTES / 1024);
  }

  @Test
  void notWhileSomethingIsGoingOn() throws Exception {
    fill(Checkpoints.WORTH_BYTES);

    for (long last = 1; last <= 3L * Checkpoints.STILL; last++) {
      checkpoints.look(last / 2);
    }

    assertThat(logBytes()).isGreaterThan(Checkpoints.WORTH_BYTES);
  }

  @Test
  void aSmallLogStays() throws Exception {
    fill(Checkpoints.WORTH_BYTES / 4);

    look(1, 5 * Checkpoints.STILL);

    assertThat(logBytes()).isGreaterThan(Checkpoints.WORTH_BYTES / 8);
  }

  @Test
  void whatKeepsItFromThatIsWaitedFor() throws Exception {
    fill(Checkpoints.WORTH_BYTES);
    try (DuckDBConnection busy = database.connection();
        Statement statement = busy.createStatement()) {
      statement.execute("BEGIN TRANSACTION");
      statement.execute("UPDATE caught_up SET upto = upto");
      look(1, Checkpoints.STILL + 1);
      assertThat(logBytes()).isGreaterThan(Checkpoints.WORTH_BYTES);
      statement.execute("ROLLBACK");
    }

    look(1, Checkpoints.STILL);

    assertThat(logBytes()).isLessThan(1 << 16);
  }

  private void look(long last, int times) {
    for (int i = 0; i < times; i++) {
      checkpoints.look(last);
    }
  }

  private void fill(long bytes) throws SQLException {
    sql("CREATE TABLE filled AS SELECT range AS id, CAST('' AS VARCHAR) AS text FROM range(0)");
    sql(
        "INSERT INTO filled SELECT range, rpad(CAST(hash(range) AS VARCHAR), 1024, md5(CAST(range AS VARCHAR))) FROM range(%d)"
            .formatted(bytes / 1024));
  }

  private long rows() throws SQLException {
    try (DuckDBConnection connection = database.connection();
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM filled")) {
      row.next();
      return row.getLong(1);
    }
  }

  private long logBytes() throws IOException {
    Path log = path.resolve("ballast.duckdb.wal");
    return Files.exists(log) ? Files.size(log) : 0;
  }

  private void sql(String statement) throws SQLException {
    try (DuckDBConnection connection = database.connection();
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }
}
