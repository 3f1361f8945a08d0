package dev.ballast.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBConnection;

/**
 * Moves what DuckDB's log holds into its file while nothing else is to be written. Until then all
 * of it is in memory, twice as large as in the log, and a start has to read it again; a checkpoint
 * in the middle of a burst would keep somebody's commit waiting.
 */
final class Checkpoints {
  private static final Logger LOG = System.getLogger(Checkpoints.class.getName());

  /**
   * A log that is smaller can stay: a checkpoint writes the last rows of every table anew, however
   * few of them are new.
   */
  static final long WORTH_BYTES = 8L << 20;

  /** Looks in a row without anything new before it is quiet. */
  static final int STILL = 20;

  private final Database database;
  private final Path log;
  private long seen;
  private int still;

  Checkpoints(Database database) {
    this.database = database;
    this.log = database.file().resolveSibling(database.file().getFileName() + ".wal");
  }

  /** Looks whether it is quiet; to be called from time to time, {@code last} is the last record. */
  void look(long last) {
    if (last != seen) {
      seen = last;
      still = 0;
      return;
    }
    still++;
    if (still % STILL == 0 && isWorth()) {
      checkpoint();
    }
  }

  private boolean isWorth() {
    try {
      return Files.exists(log) && Files.size(log) >= WORTH_BYTES;
    } catch (IOException e) {
      // It has just gone: somebody else's checkpoint.
      return false;
    }
  }

  private void checkpoint() {
    try (DuckDBConnection connection = database.connection();
        Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
    } catch (SQLException e) {
      // As while a snapshot is written. What is in the log is as durable there.
      LOG.log(Level.DEBUG, "no checkpoint now, the next quiet moment will do", e);
    }
  }
}
