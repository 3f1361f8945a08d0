package dev.ballast.store;

import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.Journal;
import dev.ballast.dispatch.JournalException;
import dev.ballast.store.EventCodec.Row;
import dev.ballast.store.EventCodec.UnreadableEventException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The journal as a table of DuckDB. A batch is one transaction, with the rows of ended attempts in
 * the same; DuckDB syncs its log to the disk before a commit returns.
 *
 * <p>After a failed append nothing of that batch is kept, and the next call starts from a fresh
 * connection: a disk that has room again is all it needs.
 */
public final class DuckDbJournal implements Journal, AutoCloseable {
  /** Records read at a time: a replay needs the memory of these, not of the journal. */
  private static final int PAGE = 20_000;

  private static final String ADVICE =
      "Put a backup of ballast.duckdb in its place, or move it away to start empty";

  private final Database database;
  private final EventCodec codec = new EventCodec();
  private @Nullable Writer writer;
  private long last;

  DuckDbJournal(Database database) {
    this.database = database;
    try {
      writer = new Writer(database.connection());
      last = writer.lastSequence();
    } catch (SQLException e) {
      throw new JournalException("the journal could not be opened", e);
    }
  }

  @Override
  public synchronized void append(List<Event> batch) {
    if (batch.isEmpty()) {
      return;
    }
    List<Row> rows = new ArrayList<>(batch.size());
    for (Event event : batch) {
      rows.add(codec.encode(last + 1 + rows.size(), event));
    }
    try {
      writer().append(batch, rows);
    } catch (SQLException | RuntimeException e) {
      throw failed("%d events could not be made durable".formatted(batch.size()), e);
    }
    last += batch.size();
  }

  @Override
  public synchronized void replay(Consumer<Event> reader) {
    try (DuckDBConnection connection = database.connection();
        PreparedStatement page =
            connection.prepareStatement(
                """
                SELECT sequence, type, version, happened_at, payload, checksum
                FROM journal WHERE sequence > ? AND sequence <= ? ORDER BY sequence
                """)) {
      for (long from = 0; from < last; from += PAGE) {
        replayPage(page, from, Math.min(last, from + PAGE), reader);
      }
    } catch (SQLException e) {
      throw new JournalException(
          "the journal could not be read (%s). %s".formatted(firstLine(e), ADVICE), e);
    }
  }

  @Override
  public synchronized long nextEpoch() {
    try (Statement statement = writer().connection.createStatement();
        var row =
            statement.executeQuery(
                """
                INSERT INTO reigns SELECT coalesce(max(epoch), 0) + 1, now() FROM reigns
                RETURNING epoch
                """)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw failed("a new reign could not be made durable", e);
    }
  }

  @Override
  public synchronized void close() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }

  private void replayPage(PreparedStatement page, long from, long to, Consumer<Event> reader)
      throws SQLException {
    page.setLong(1, from);
    page.setLong(2, to);
    long expected = from + 1;
    try (var result = page.executeQuery()) {
      while (result.next()) {
        Row row =
            new Row(
                result.getLong(1),
                result.getString(2),
                result.getInt(3),
                AttemptRows.instant(result, "happened_at"),
                result.getString(5),
                result.getLong(6));
        if (row.sequence() != expected) {
          throw row.sequence() > expected ? missing(expected) : twice(row.sequence());
        }
        reader.accept(intact(row));
        expected++;
      }
    }
    if (expected != to + 1) {
      throw missing(expected);
    }
  }

  private Event intact(Row row) {
    if (!row.isIntact()) {
      throw damaged(row.sequence(), new UnreadableEventException("its checksum is wrong"));
    }
    try {
      return codec.decode(row);
    } catch (UnreadableEventException e) {
      throw damaged(row.sequence(), e);
    }
  }

  private static DamagedJournalException missing(long sequence) {
    return damaged(sequence, new UnreadableEventException("it is missing"));
  }

  private static DamagedJournalException twice(long sequence) {
    return damaged(sequence, new UnreadableEventException("it is there twice"));
  }

  private static DamagedJournalException damaged(long sequence, UnreadableEventException cause) {
    return new DamagedJournalException(
        sequence,
        "record %d of the journal is damaged: %s. %s"
            .formatted(sequence, cause.getMessage(), ADVICE),
        cause);
  }

  private Writer writer() throws SQLException {
    if (writer == null) {
      database.reopen();
      Writer opened = new Writer(database.connection());
      try {
        // A commit that failed may have reached the disk: the caller was told that it did not.
        opened.forgetAfter(last);
      } catch (SQLException | RuntimeException e) {
        opened.close();
        throw e;
      }
      writer = opened;
    }
    return writer;
  }

  private JournalException failed(String what, Exception cause) {
    if (writer != null) {
      writer.abandon(cause);
      writer = null;
    }
    return new JournalException("%s (%s)".formatted(what, firstLine(cause)), cause);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** The one connection that writes, with its appenders; used up by its first failure. */
  private static final class Writer {
    private final DuckDBConnection connection;
    private @Nullable DuckDBAppender journal;
    private @Nullable DuckDBAppender attempts;

    Writer(DuckDBConnection connection) {
      this.connection = connection;
    }

    void append(List<Event> batch, List<Row> rows) throws SQLException {
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
      execute("COMMIT");
    }

    long lastSequence() throws SQLException {
      try (Statement statement = connection.createStatement();
          var row = statement.executeQuery("SELECT coalesce(max(sequence), 0) FROM journal")) {
        row.next();
        return row.getLong(1);
      }
    }

    void forgetAfter(long sequence) throws SQLException {
      if (lastSequence() > sequence) {
        execute("BEGIN TRANSACTION");
        execute("DELETE FROM attempts WHERE sequence > " + sequence);
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
          DuckDBAppender second = attempts) {
        journal = null;
        attempts = null;
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
  }

  /** A step of cleaning up, whose failure is noted beside the first one. */
  @FunctionalInterface
  private interface SqlAction {
    void run() throws SQLException;
  }
}
