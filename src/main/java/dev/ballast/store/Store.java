package dev.ballast.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBConnection;

/**
 * Journal and history of one data directory. One process has it open; one thread appends, any
 * number read.
 */
public final class Store implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Store.class.getName());

  private final DataDirectory directory;
  private final Database database;
  private final DuckDbJournal journal;
  private final History history;
  private final ScheduledExecutorService hourly =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("ballast-retention").daemon(true).factory());

  private Store(DataDirectory directory, Database database) {
    this.directory = directory;
    this.database = database;
    this.journal = new DuckDbJournal(database);
    this.history = new History(database);
  }

  /** Opens the database of a directory; throws {@link DataDirectoryException}. */
  public static Store open(DataDirectory directory) {
    Database database = Database.open(directory.database());
    try {
      return new Store(directory, database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Loads DuckDB's library ahead of its use, for a start that has other things to do meanwhile. */
  public static void prepare() {
    NativeLibrary.load();
  }

  /** A connection of the caller's own. */
  DuckDBConnection connection() throws SQLException {
    return database.reading();
  }

  public DataDirectory directory() {
    return directory;
  }

  public DuckDbJournal journal() {
    return journal;
  }

  public History history() {
    return history;
  }

  /**
   * Drops from now on, once an hour, what is older or more than that. The journal, which dispatch
   * goes on from, is not touched. For one call.
   */
  public void retain(Retention retention, InstantSource clock) {
    var _ =
        hourly.scheduleWithFixedDelay(
            () -> trim(retention, clock.instant()), 1, 60, TimeUnit.MINUTES);
  }

  /** Once, now. */
  void trim(Retention retention, Instant now) {
    journal.trim(retention, now);
    try {
      EvidenceFiles.trim(directory.evidence(), retention, now);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "old evidence could not be dropped; tried again in an hour", e);
    }
  }

  /** Closes the database; the directory stays its opener's. */
  @Override
  public void close() {
    hourly.shutdownNow();
    journal.close();
    database.close();
  }
}
