package dev.ballast.store;

import dev.ballast.dispatch.Event;
import dev.ballast.store.EventCodec.Row;
import dev.ballast.store.EventCodec.UnreadableEventException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;

/** Reads the journal from its snapshot on, and believes no record that is not as it was written. */
final class JournalReader {
  /** Records read at a time: a replay needs the memory of these, not of the journal. */
  private static final int PAGE = 20_000;

  private final EventCodec codec;

  JournalReader(EventCodec codec) {
    this.codec = codec;
  }

  void read(DuckDBConnection connection, long last, Consumer<Event> reader) throws SQLException {
    long upto = Snapshots.upto(connection);
    if (upto > 0) {
      new Snapshots(codec).read(connection, upto, reader);
    }
    try (PreparedStatement page =
        connection.prepareStatement(
            """
            SELECT sequence, type, version, happened_at, payload, checksum
            FROM journal WHERE sequence > ? AND sequence <= ? ORDER BY sequence
            """)) {
      for (long from = upto; from < last; from += PAGE) {
        readPage(page, from, Math.min(last, from + PAGE), reader);
      }
    }
  }

  private void readPage(PreparedStatement page, long from, long to, Consumer<Event> reader)
      throws SQLException {
    page.setLong(1, from);
    page.setLong(2, to);
    long expected = from + 1;
    try (var result = page.executeQuery()) {
      while (result.next()) {
        Row row = row(result);
        if (row.sequence() > expected) {
          throw Damage.ofRecord(expected, "it is missing");
        }
        if (row.sequence() < expected) {
          throw Damage.ofRecord(row.sequence(), "it is there twice");
        }
        reader.accept(intact(row));
        expected++;
      }
    }
    if (expected != to + 1) {
      throw Damage.ofRecord(expected, "it is missing");
    }
  }

  /** Hands on the ended attempts of the records after {@code from} until {@code to}. */
  void readEnded(DuckDBConnection connection, long from, long to, EndedReader reader)
      throws SQLException {
    try (PreparedStatement page =
        connection.prepareStatement(
            """
            SELECT sequence, type, version, happened_at, payload, checksum
            FROM journal WHERE sequence > ? AND sequence <= ? AND type = 'AttemptEnded'
            ORDER BY sequence
            """)) {
      page.setLong(1, from);
      page.setLong(2, to);
      try (var result = page.executeQuery()) {
        while (result.next()) {
          Row row = row(result);
          if (intact(row) instanceof Event.AttemptEnded ended) {
            reader.read(row.sequence(), ended);
          }
        }
      }
    }
  }

  private static Row row(ResultSet result) throws SQLException {
    return new Row(
        result.getLong(1),
        result.getString(2),
        result.getInt(3),
        AttemptRows.instant(result, "happened_at"),
        result.getString(5),
        result.getLong(6));
  }

  private Event intact(Row row) {
    if (!row.isIntact()) {
      throw Damage.ofRecord(row.sequence(), "its checksum is wrong");
    }
    try {
      return codec.decode(row);
    } catch (UnreadableEventException e) {
      throw Damage.ofRecord(row.sequence(), e);
    }
  }

  /** Takes an ended attempt, and the number of its record. */
  @FunctionalInterface
  interface EndedReader {
    void read(long sequence, Event.AttemptEnded ended);
  }
}
