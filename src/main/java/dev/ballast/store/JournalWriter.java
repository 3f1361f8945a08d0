package dev.ballast.store;

import dev.ballast.dispatch.JournalException;
import dev.ballast.store.EventCodec.Row;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** The one connection that writes, with its appender; used up by its first failure. */
final class JournalWriter {
  private final DuckDBConnection connection;
  private @Nullable DuckDBAppender journal;

  JournalWriter(DuckDBConnection connection) {
    this.connection = connection;
  }

  void append(List<Row> rows) throws SQLException {
    execute("BEGIN TRANSACTION");
    DuckDBAppender lines = journal();
    for (Row row : rows) {
      lines
          .beginRow()
          .append(row.sequence())
          .append(row.type())
          .append(row.version())
          .append(AttemptRows.utc(row.happenedAt()))
          .append(row.payload())
          .append(row.checksum())
          .endRow();
    }
    lines.flush();
    execute("COMMIT");
  }

  long lastSequence() throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT coalesce(max(sequence), 0) FROM journal")) {
      row.next();
      return Math.max(row.getLong(1), Snapshots.upto(connection));
    }
  }

  void forgetAfter(long sequence) throws SQLException {
    if (lastSequence() > sequence) {
      execute("BEGIN TRANSACTION");
      execute("DELETE FROM journal WHERE sequence > " + sequence);
      execute("COMMIT");
    }
  }

  void abandon(Exception cause) {
    // Closing the appender flushes what it holds: that must happen inside what is rolled back.
    attempt(cause, this::closeAppender);
    attempt(cause, () -> execute("ROLLBACK"));
    attempt(cause, connection::close);
  }

  /** Later than every reign before, and {@code earliest} at least. */
  long nextEpoch(long earliest) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row =
            statement.executeQuery(
                """
                INSERT INTO reigns
                SELECT greatest(coalesce(max(epoch), 0) + 1, %d), now() FROM reigns
                RETURNING epoch
                """
                    .formatted(earliest))) {
      row.next();
      return row.getLong(1);
    }
  }

  void close() {
    try {
      closeAppender();
      connection.close();
    } catch (SQLException e) {
      throw new JournalException("the journal could not be closed", e);
    }
  }

  private void closeAppender() throws SQLException {
    if (journal != null) {
      DuckDBAppender open = journal;
      journal = null;
      open.close();
    }
  }

  private DuckDBAppender journal() throws SQLException {
    if (journal == null) {
      journal = connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "journal");
    }
    return journal;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void attempt(Exception cause, SqlAction action) {
    try {
      action.run();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
