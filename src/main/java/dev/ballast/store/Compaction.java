package dev.ballast.store;

import dev.ballast.dispatch.Event;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.duckdb.DuckDBConnection;

/**
 * Writes snapshots and drops old history while the journal goes on, so that nobody waits for it:
 * one at a time, each as one transaction. Old decisions go on the way.
 */
final class Compaction implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Compaction.class.getName());

  /** Decisions of this many events back can still be explained. */
  private static final long EXPLAINED_EVENTS = 1_000_000;

  private final Database database;
  private final Snapshots snapshots;
  private final Chronicle chronicle;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("ballast-snapshot").daemon(true).factory());
  private CompletableFuture<Boolean> running = CompletableFuture.completedFuture(true);

  Compaction(Database database, Snapshots snapshots, Chronicle chronicle) {
    this.database = database;
    this.snapshots = snapshots;
    this.chronicle = chronicle;
  }

  /** Starts one, unless one is under way. */
  void start(long upto, List<Event> state) {
    if (running.isDone()) {
      running = CompletableFuture.supplyAsync(() -> write(upto, state), thread);
    }
  }

  /** Starts to drop what the history need not keep, unless something is under way. */
  void trim(Retention retention, Instant now) {
    if (running.isDone()) {
      running = CompletableFuture.supplyAsync(() -> drop(retention, now), thread);
    }
  }

  /** Waits for what is under way; whether the last one came to its end. */
  boolean await() {
    return running.join();
  }

  private boolean write(long upto, List<Event> state) {
    try (DuckDBConnection connection = database.connection()) {
      // The events that the snapshot takes the place of are what the history is made from.
      chronicle.catchUp();
      // The connection is its own: closing it after a failure rolls back what it began.
      snapshots.write(connection, upto, state);
      try (Statement statement = connection.createStatement()) {
        statement.execute("DELETE FROM decisions WHERE sequence <= " + (upto - EXPLAINED_EVENTS));
      }
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "no snapshot could be written; the journal keeps all its events until the next one",
          e);
      return false;
    }
  }

  private boolean drop(Retention retention, Instant now) {
    try (DuckDBConnection connection = database.connection()) {
      chronicle.catchUp();
      Trimming.trim(connection, retention, now);
      return true;
    } catch (SQLException | RuntimeException e) {
      LOG.log(Level.WARNING, "the history could not be cut; it only grows until the next try", e);
      return false;
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
