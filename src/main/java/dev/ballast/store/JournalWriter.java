package dev.ballast.store;

import dev.ballast.dispatch.Decided;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JournalException;
import dev.ballast.store.EventCodec.Row;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** The one connection that writes, with its appenders; used up by its first failure. */
final class JournalWriter {
  private final DuckDBConnection connection;
  private @Nullable DuckDBAppender journal;
  private @Nullable DuckDBAppender attempts;
  private @Nullable DuckDBAppender decisions;

  JournalWriter(DuckDBConnection connection) {
    this.connection = connection;
  }

  void append(List<Event> batch, List<Row> rows, List<Decided> decided) throws SQLException {
    execute("BEGIN TRANSACTION");
    DuckDBAppender lines = journal();
    DuckDBAppender results = attempts();
    boolean ended = false;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      lines
          .beginRow()
          .append(row.sequence())
          .append(row.type())
          .append(row.version())
          .append(AttemptRows.utc(row.happenedAt()))
          .append(row.payload())
          .append(row.checksum())
          .endRow();
      if (batch.get(i) instanceof Event.AttemptEnded end) {
        AttemptRows.append(results, row.sequence(), end.at(), end.result());
        ended = true;
      }
    }
    lines.flush();
    if (ended) {
      results.flush();
    }
    if (!decided.isEmpty()) {
      DuckDBAppender why = decisions();
      long sequence = rows.getLast().sequence();
      for (Decided decision : decided) {
        Decisions.append(why, sequence, decision);
      }
      why.flush();
    }
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
      execute("DELETE FROM attempts WHERE sequence > " + sequence);
      execute("DELETE FROM decisions WHERE sequence > " + sequence);
      execute("DELETE FROM journal WHERE sequence > " + sequence);
      execute("COMMIT");
    }
  }

  void abandon(Exception cause) {
    // Closing an appender flushes what it holds: that must happen inside what is rolled back.
    attempt(cause, () -> closeAppenders());
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
      closeAppenders();
      connection.close();
    } catch (SQLException e) {
      throw new JournalException("the journal could not be closed", e);
    }
  }

  private void closeAppenders() throws SQLException {
    try (DuckDBAppender first = journal;
        DuckDBAppender second = attempts;
        DuckDBAppender third = decisions) {
      journal = null;
      attempts = null;
      decisions = null;
    }
  }

  private DuckDBAppender journal() throws SQLException {
    if (journal == null) {
      journal = appender("journal");
    }
    return journal;
  }

  private DuckDBAppender attempts() throws SQLException {
    if (attempts == null) {
      attempts = appender("attempts");
    }
    return attempts;
  }

  private DuckDBAppender decisions() throws SQLException {
    if (decisions == null) {
      decisions = appender("decisions");
    }
    return decisions;
  }

  private DuckDBAppender appender(String table) throws SQLException {
    return connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
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

  /** A step of cleaning up, whose failure is noted beside the first one. */
  @FunctionalInterface
  private interface SqlAction {
    void run() throws SQLException;
  }
}
