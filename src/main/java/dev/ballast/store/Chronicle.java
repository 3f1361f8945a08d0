package dev.ballast.store;

import dev.ballast.dispatch.Decided;
import dev.ballast.dispatch.Event;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Writes the rows of the history a little behind the journal. A result has sixty columns, and a
 * commit pays for each column, however few its rows are: by the hundred they cost a tenth.
 *
 * <p>Nothing is lost by it. A result is durable in the journal; what a crash keeps from the history
 * is made from there at the next reading. Only why a task was placed where it was stands nowhere
 * else: the decisions of the last {@value #BEHIND_MILLIS} ms go with a process that is killed.
 */
final class Chronicle implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Chronicle.class.getName());

  /** How far the history stays behind when nobody reads it, in milliseconds. */
  private static final int BEHIND_MILLIS = 250;

  /** Records of the journal read at a time. */
  private static final long PAGE = 20_000;

  private final Database database;
  private final JournalReader journal;
  private final int most;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("ballast-history").daemon(true).factory());
  private final Object lock = new Object();
  private final Checkpoints checkpoints;
  private Due due;
  private boolean told;

  /**
   * Rows that are due, of records until {@code upto}; those until {@code unread} from the journal.
   */
  private static final class Due {
    final List<Ended> ended = new ArrayList<>();
    final List<Because> because = new ArrayList<>();
    long unread;
    long upto;

    int size() {
      return ended.size() + because.size();
    }

    /** What came later, behind what is due already. */
    void add(Due later) {
      if (later.unread > 0) {
        // Whatever is here will be read again with what came later.
        unread = later.unread;
        ended.clear();
      }
      ended.addAll(later.ended);
      because.addAll(later.because);
      upto = later.upto;
    }
  }

  private record Ended(long sequence, Event.AttemptEnded event) {}

  private record Because(long sequence, Decided decided) {}

  /**
   * @param last the last record of the journal
   * @param most rows kept in memory, 1 or more: what is beyond that is read from the journal again
   */
  Chronicle(Database database, EventCodec codec, long last, int most) {
    this.database = database;
    this.journal = new JournalReader(codec);
    this.most = most;
    this.checkpoints = new Checkpoints(database);
    this.due = new Due();
    due.unread = last;
    due.upto = last;
    var _ =
        timer.scheduleWithFixedDelay(
            this::pass, BEHIND_MILLIS, BEHIND_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void pass() {
    tick();
    long last;
    synchronized (lock) {
      last = due.upto;
    }
    checkpoints.look(last);
  }

  /** A batch is durable, {@code last} is its last record: its rows are due. */
  void add(List<Event> batch, long last, List<Decided> decisions) {
    boolean full;
    synchronized (lock) {
      long sequence = last - batch.size();
      for (Event event : batch) {
        sequence++;
        if (event instanceof Event.AttemptEnded ended) {
          due.ended.add(new Ended(sequence, ended));
        }
      }
      decisions.forEach(decided -> due.because.add(new Because(last, decided)));
      due.upto = last;
      full = due.size() > most;
    }
    if (full) {
      relieve();
    }
  }

  /** Rows come faster than they are written, or cannot be written: memory is not their place. */
  private void relieve() {
    tick();
    synchronized (lock) {
      if (due.size() > most) {
        due.unread = due.upto;
        due.ended.clear();
        due.because.clear();
      }
    }
  }

  /** Writes everything that is due. Whoever reads the history does this first. */
  synchronized void catchUp() throws SQLException {
    Due taken;
    synchronized (lock) {
      taken = due;
      due = new Due();
      due.upto = taken.upto;
    }
    if (taken.size() == 0 && taken.unread == 0) {
      return;
    }
    try {
      write(taken);
    } catch (SQLException | RuntimeException e) {
      synchronized (lock) {
        taken.add(due);
        due = taken;
      }
      throw e;
    }
  }

  /** Does that while nothing of this is under way. */
  synchronized void pausedFor(SqlAction action) throws SQLException {
    action.run();
  }

  private void tick() {
    try {
      catchUp();
      told = false;
    } catch (SQLException | RuntimeException e) {
      if (!told) {
        told = true;
        LOG.log(
            Level.WARNING,
            "results cannot be written to the history now ({0}); the journal keeps them until then",
            e.getMessage());
      }
    }
  }

  private void write(Due rows) throws SQLException {
    try (DuckDBConnection connection = database.connection();
        Statement statement = connection.createStatement()) {
      long from = rows.unread == 0 ? 0 : caughtUp(statement);
      if (rows.size() == 0 && from >= rows.unread) {
        return;
      }
      // Closing the connection after a failure rolls back what it began.
      statement.execute("BEGIN TRANSACTION");
      try (DuckDBAppender results =
              connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "attempts");
          DuckDBAppender decisions =
              connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "decisions")) {
        readAgain(connection, from, rows.unread, results);
        for (Ended row : rows.ended) {
          append(results, row);
        }
        for (Because row : rows.because) {
          Decisions.append(decisions, row.sequence(), row.decided());
        }
      }
      statement.execute("UPDATE caught_up SET upto = " + rows.upto);
      statement.execute("COMMIT");
    }
  }

  private void readAgain(DuckDBConnection connection, long from, long last, DuckDBAppender results)
      throws SQLException {
    for (long read = from; read < last; read += PAGE) {
      List<Ended> page = new ArrayList<>();
      journal.readEnded(
          connection,
          read,
          Math.min(last, read + PAGE),
          (sequence, event) -> page.add(new Ended(sequence, event)));
      for (Ended ended : page) {
        append(results, ended);
      }
    }
  }

  private static long caughtUp(Statement statement) throws SQLException {
    try (var row = statement.executeQuery("SELECT coalesce(max(upto), 0) FROM caught_up")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void append(DuckDBAppender results, Ended row) throws SQLException {
    AttemptRows.append(results, row.sequence(), row.event().at(), row.event().result());
  }

  /** Writes what is due; what cannot be written now is written at the next start. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.log(Level.WARNING, "the history is still being written after a minute");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tick();
  }
}
