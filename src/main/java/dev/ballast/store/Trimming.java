package dev.ballast.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.duckdb.DuckDBConnection;

/** Drops the oldest results, with the decisions of their time, until {@link Retention} holds. */
final class Trimming {
  private static final Logger LOG = System.getLogger(Trimming.class.getName());

  /** So far below its bound the history is cut, so that it is not cut again at once. */
  private static final double ROOM = 0.9;

  private Trimming() {}

  /** Results that went. For one thread, beside the one that appends. */
  static long trim(DuckDBConnection connection, Retention retention, Instant now)
      throws SQLException {
    Instant oldest = now.minus(retention.age());
    // Results end in the order of their numbers, but for a clock that went back.
    long upto =
        number(
            connection,
            "SELECT coalesce(min(sequence) - 1, (SELECT coalesce(max(sequence), 0) FROM attempts))"
                + " FROM attempts WHERE ended_at >= '%s'".formatted(oldest));
    long gone = drop(connection, upto);
    // Only a checkpoint says what the data weighs, and gives back what was dropped before.
    long used = used(connection);
    if (used > retention.bytes()) {
      double share = 1 - ROOM * retention.bytes() / used;
      gone +=
          drop(
              connection,
              number(
                  connection,
                  "SELECT coalesce(quantile_disc(sequence, %.6f), 0) FROM attempts"
                      .formatted(share)));
      used(connection);
    }
    if (gone > 0) {
      LOG.log(Level.INFO, "{0} results were older, or more, than the history keeps", gone);
    }
    return gone;
  }

  private static long drop(DuckDBConnection connection, long upto) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN TRANSACTION");
      long gone = statement.executeUpdate("DELETE FROM attempts WHERE sequence <= " + upto);
      statement.execute("DELETE FROM decisions WHERE sequence <= " + upto);
      statement.execute("COMMIT");
      return gone;
    }
  }

  /** Bytes of the database file that hold data. */
  static long used(DuckDBConnection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
    }
    return number(connection, "SELECT used_blocks * block_size FROM pragma_database_size()");
  }

  private static long number(DuckDBConnection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
