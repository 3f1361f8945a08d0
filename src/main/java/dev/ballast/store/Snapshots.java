package dev.ballast.store;

import dev.ballast.dispatch.Event;
import dev.ballast.store.EventCodec.Row;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The state that took the place of the oldest events: rows of the table {@code snapshots}. */
final class Snapshots {
  /** More parts than this cannot be numbered within one event's number. */
  private static final long MAX_PARTS = 1_000_000;

  private final EventCodec codec;

  Snapshots(EventCodec codec) {
    this.codec = codec;
  }

  /** The last event that the snapshot stands for; 0 when there is none. */
  static long upto(DuckDBConnection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT coalesce(max(upto), 0) FROM snapshots")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Puts {@code state} in the place of all events until {@code upto}, as one transaction. */
  void write(DuckDBConnection connection, long upto, List<Event> state) throws SQLException {
    if (state.size() >= MAX_PARTS) {
      throw new IllegalArgumentException(
          "a snapshot of %d parts, at most %d are possible".formatted(state.size(), MAX_PARTS));
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN TRANSACTION");
      statement.execute("DELETE FROM snapshots WHERE upto < " + upto);
      try (DuckDBAppender rows =
          connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "snapshots")) {
        for (int part = 0; part < state.size(); part++) {
          Row row = codec.encode(upto * MAX_PARTS + part, state.get(part));
          rows.beginRow()
              .append(upto)
              .append(part)
              .append(state.size())
              .append(row.type())
              .append(row.version())
              .append(AttemptRows.utc(row.happenedAt()))
              .append(row.payload())
              .append(row.checksum())
              .endRow();
        }
      }
      statement.execute("DELETE FROM journal WHERE sequence <= " + upto);
      statement.execute("COMMIT");
    }
  }

  /** Hands the parts to {@code reader}, checked one by one. */
  void read(DuckDBConnection connection, long upto, Consumer<Event> reader) throws SQLException {
    int parts = 0;
    long expected = 0;
    // One part may hold thousands of tasks: they are read one at a time.
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT parts, type, version, happened_at, payload, checksum
            FROM snapshots WHERE upto = ? AND part = ?
            """)) {
      do {
        statement.setLong(1, upto);
        statement.setLong(2, expected);
        try (var result = statement.executeQuery()) {
          if (!result.next()) {
            throw Damage.ofSnapshot(expected, "it is missing");
          }
          Row row =
              new Row(
                  upto * MAX_PARTS + expected,
                  result.getString(2),
                  result.getInt(3),
                  AttemptRows.instant(result, "happened_at"),
                  result.getString(5),
                  result.getLong(6));
          if (expected > 0 && result.getInt(1) != parts) {
            throw Damage.ofSnapshot(expected, "it belongs to another snapshot");
          }
          parts = result.getInt(1);
          if (!row.isIntact()) {
            throw Damage.ofSnapshot(expected, "its checksum is wrong");
          }
          if (result.next()) {
            throw Damage.ofSnapshot(expected, "it is there twice");
          }
          reader.accept(decode(row, expected));
        }
        expected++;
      } while (expected < parts);
    }
  }

  private Event decode(Row row, long part) {
    try {
      return codec.decode(row);
    } catch (EventCodec.UnreadableEventException e) {
      throw Damage.ofSnapshot(part, String.valueOf(e.getMessage()));
    }
  }
}
