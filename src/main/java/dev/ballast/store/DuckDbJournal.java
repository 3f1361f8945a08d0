package dev.ballast.store;

import dev.ballast.dispatch.Decided;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.Journal;
import dev.ballast.dispatch.JournalException;
import dev.ballast.store.EventCodec.Row;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The journal as a table of DuckDB. A batch is one transaction; DuckDB syncs its log to the disk
 * before a commit returns. The history follows a little behind, and snapshots are written beside
 * that, each on a thread and a connection of its own.
 *
 * <p>After a failed append nothing of that batch is kept, and the next call starts from a fresh
 * connection: a disk that has room again is all it needs.
 */
public final class DuckDbJournal implements Journal, AutoCloseable {
  /** Rows of the history that wait in memory, at most. */
  private static final int MOST_BEHIND = 20_000;

  private final Database database;
  private final EventCodec codec = new EventCodec();
  private final Chronicle chronicle;
  private final Compaction compaction;
  private @Nullable JournalWriter writer;
  private final HighWaterMark mark;
  private long earliestReign;
  private long last;

  DuckDbJournal(Database database) {
    this(database, MOST_BEHIND);
  }

  DuckDbJournal(Database database, int mostBehind) {
    this.database = database;
    try {
      writer = new JournalWriter(database.connection());
      last = writer.lastSequence();
    } catch (SQLException e) {
      throw new JournalException("the journal could not be opened", e);
    }
    try {
      mark = HighWaterMark.open(database.file(), last, database.isFresh());
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
    chronicle = new Chronicle(database, codec, last, mostBehind);
    database.beforeReading(chronicle::catchUp);
    compaction = new Compaction(database, new Snapshots(codec), chronicle);
  }

  @Override
  public synchronized void append(List<Event> batch, List<Decided> decisions) {
    if (batch.isEmpty()) {
      try {
        DiskRoom.prove(database.file());
        return;
      } catch (IOException e) {
        throw new JournalException(
            "there is no room for more events (%s)".formatted(firstLine(e)), e);
      }
    }
    List<Row> rows = new ArrayList<>(batch.size());
    for (Event event : batch) {
      rows.add(codec.encode(last + 1 + rows.size(), event));
    }
    try {
      writer().append(rows);
    } catch (SQLException | RuntimeException e) {
      throw failed("%d events could not be made durable".formatted(batch.size()), e);
    }
    last += batch.size();
    mark.reached(last);
    chronicle.add(batch, last, decisions);
  }

  @Override
  public synchronized void replay(Consumer<Event> reader) {
    try {
      // What a failed write left behind must be gone before it can be read.
      writer();
      try (DuckDBConnection connection = database.connection()) {
        new JournalReader(codec).read(connection, last, reader);
      }
    } catch (SQLException e) {
      throw new JournalException(
          "the journal could not be read (%s). %s".formatted(firstLine(e), Damage.ADVICE), e);
    }
  }

  /** Starts to write a snapshot, unless one is being written: that one will do for now. */
  @Override
  public synchronized void snapshot(List<Event> state) {
    if (last > 0 && !state.isEmpty()) {
      compaction.start(last, state);
    }
  }

  /**
   * Starts to drop what is older, or more, than that; not while a snapshot is written. It is asked
   * again from time to time.
   */
  synchronized void trim(Retention retention, Instant now) {
    compaction.trim(retention, now);
  }

  /** Waits until nothing is being compacted; whether the last time came to its end. */
  boolean awaitSnapshot() {
    return compaction.await();
  }

  @Override
  public synchronized long nextEpoch() {
    try {
      return writer().nextEpoch(earliestReign);
    } catch (SQLException e) {
      throw failed("a new reign could not be made durable", e);
    }
  }

  /** The next reign is {@code reign} or later: a lease outside may count reigns too. */
  public synchronized void reignFrom(long reign) {
    earliestReign = reign;
  }

  @Override
  public synchronized void close() {
    compaction.close();
    chronicle.close();
    if (writer != null) {
      writer.close();
      writer = null;
    }
    mark.close();
  }

  private JournalWriter writer() throws SQLException {
    if (writer == null) {
      // DuckDB gives up a damaged instance only when nobody has it open.
      compaction.await();
      chronicle.pausedFor(database::reopen);
      JournalWriter opened = new JournalWriter(database.connection());
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
}
