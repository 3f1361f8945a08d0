package dev.ballast.store;

import dev.ballast.dispatch.Event;
import dev.ballast.store.EventCodec.Row;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The state that took the place of the oldest events: rows of the table {@code snapshots}. */
final class Snapshots {
  /** More parts than this cannot be numbered within one event's number. */
  private static final long MAX_PARTS = 1_000_000;

  /** Text read at a time: a start needs the memory of this, not of the snapshot. */
  private static final long PAGE_BYTES = 4 << 20;

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
    List<Long> pages = pages(connection, upto);
    long expected = 0;
    long parts = 0;
    try (PreparedStatement page =
        connection.prepareStatement(
            """
            SELECT part, parts, type, version, happened_at, payload, checksum
            FROM snapshots WHERE upto = ? AND part >= ? AND part < ? ORDER BY part
            """)) {
      page.setLong(1, upto);
      for (int i = 0; i + 1 < pages.size(); i++) {
        page.setLong(2, pages.get(i));
        page.setLong(3, pages.get(i + 1));
        try (var result = page.executeQuery()) {
          while (result.next()) {
            if (result.getLong(1) > expected) {
              throw Damage.ofSnapshot(expected, "it is missing");
            }
            if (result.getLong(1) < expected) {
              throw Damage.ofSnapshot(result.getLong(1), "it is there twice");
            }
            if (expected > 0 && result.getLong(2) != parts) {
              throw Damage.ofSnapshot(expected, "it belongs to another snapshot");
            }
            parts = result.getLong(2);
            reader.accept(intact(row(result, upto), expected));
            expected++;
          }
        }
      }
    }
    if (expected == 0 || expected != parts) {
      throw Damage.ofSnapshot(expected, "it is missing");
    }
  }

  /**
   * The first parts of pages, in order, and at last what is after the last part. One part may hold
   * thousands of tasks: a page has as many as fit into its size, and at least one.
   */
  private static List<Long> pages(DuckDBConnection connection, long upto) throws SQLException {
    List<Long> firsts = new ArrayList<>();
    long bytes = 0;
    long next = 0;
    try (PreparedStatement sizes =
        connection.prepareStatement(
            "SELECT part, strlen(payload) FROM snapshots WHERE upto = ? ORDER BY part")) {
      sizes.setLong(1, upto);
      try (var size = sizes.executeQuery()) {
        while (size.next()) {
          if (firsts.isEmpty()
              || (bytes + size.getLong(2) > PAGE_BYTES && size.getLong(1) >= next)) {
            firsts.add(size.getLong(1));
            bytes = 0;
          }
          bytes += size.getLong(2);
          next = size.getLong(1) + 1;
        }
      }
    }
    firsts.add(next);
    return firsts;
  }

  private static Row row(ResultSet result, long upto) throws SQLException {
    return new Row(
        upto * MAX_PARTS + result.getLong(1),
        result.getString(3),
        result.getInt(4),
        AttemptRows.instant(result, "happened_at"),
        result.getString(6),
        result.getLong(7));
  }

  private Event intact(Row row, long part) {
    if (!row.isIntact()) {
      throw Damage.ofSnapshot(part, "its checksum is wrong");
    }
    return decode(row, part);
  }

  private Event decode(Row row, long part) {
    try {
      return codec.decode(row);
    } catch (EventCodec.UnreadableEventException e) {
      throw Damage.ofSnapshot(part, String.valueOf(e.getMessage()));
    }
  }
}
