package dev.ballast.store;

import dev.ballast.store.DataDirectoryException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * The DuckDB file of a data directory, brought to the newest schema. Every connection is a
 * duplicate of one root, which is replaced when a fatal error has made DuckDB refuse all work.
 */
final class Database implements AutoCloseable {
  /** In order; number n brings schema n − 1 to n. */
  private static final List<String> MIGRATIONS =
      List.of(
          "V1__journal_and_results.sql",
          "V2__snapshots_and_decisions.sql",
          "V3__sampling.sql",
          "V4__history_behind.sql");

  private final Path file;
  private final boolean fresh;
  private DuckDBConnection root;
  private volatile SqlAction beforeReading = () -> {};

  private Database(Path file, boolean fresh, DuckDBConnection root) {
    this.file = file;
    this.fresh = fresh;
    this.root = root;
  }

  static Database open(Path file) {
    NativeLibrary.load();
    boolean fresh = !Files.exists(file);
    DuckDBConnection root;
    try {
      root = connect(file);
    } catch (SQLException e) {
      throw damagedOrForeign(file, e);
    }
    try {
      migrate(file, root);
      return new Database(file, fresh, root);
    } catch (SQLException | RuntimeException e) {
      try {
        root.close();
      } catch (SQLException onClose) {
        e.addSuppressed(onClose);
      }
      throw e instanceof RuntimeException known ? known : damagedOrForeign(file, e);
    }
  }

  Path file() {
    return file;
  }

  /** Whether there was no such file before it was opened. */
  boolean isFresh() {
    return fresh;
  }

  /** A connection of the caller's own, to be closed by it. */
  synchronized DuckDBConnection connection() throws SQLException {
    DuckDBConnection connection = root.duplicate();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Brings the history up to what is durable, from now on before anyone reads it. */
  void beforeReading(SqlAction catchUp) {
    beforeReading = catchUp;
  }

  /** As {@link #connection()}, for whoever reads the history: it has everything that is durable. */
  DuckDBConnection reading() throws SQLException {
    beforeReading.run();
    return connection();
  }

  /** Starts over after a fatal error: what was durable is there again. */
  synchronized void reopen() throws SQLException {
    root.close();
    root = connect(file);
  }

  @Override
  public synchronized void close() {
    try {
      root.close();
    } catch (SQLException e) {
      throw new StoreException("%s could not be closed".formatted(file), e);
    }
  }

  private static DuckDBConnection connect(Path file) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("memory_limit", "1GiB");
    // What a burst took goes back to the system, instead of staying with the allocator.
    settings.setProperty("allocator_background_threads", "true");
    settings.setProperty("allocator_flush_threshold", "4MiB");
    settings.setProperty("allocator_bulk_deallocation_flush_threshold", "16MiB");
    // A checkpoint writes the last rows of every table anew, in the middle of somebody's commit.
    settings.setProperty("checkpoint_threshold", "128MiB");
    // Not through DriverManager: it does not see drivers of an application's own class loader.
    return new DuckDBDriver()
        .connect("jdbc:duckdb:" + file, settings)
        .unwrap(DuckDBConnection.class);
  }

  private static void migrate(Path file, DuckDBConnection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS schema_version (
            version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)
          """);
      int found;
      try (var row =
          statement.executeQuery("SELECT coalesce(max(version), 0) FROM schema_version")) {
        row.next();
        found = row.getInt(1);
      }
      if (found > MIGRATIONS.size()) {
        throw new DataDirectoryException(
            Problem.NEWER,
            "%s was written by a newer Ballast (schema %d, known here: %d)"
                .formatted(file, found, MIGRATIONS.size()),
            "Start that version, or choose another directory with --data DIR");
      }
      for (int version = found + 1; version <= MIGRATIONS.size(); version++) {
        String name = MIGRATIONS.get(version - 1);
        statement.execute("BEGIN TRANSACTION");
        statement.execute(resource(name));
        statement.execute(
            "INSERT INTO schema_version VALUES (%d, '%s', now())".formatted(version, name));
        statement.execute("COMMIT");
      }
    }
  }

  private static String resource(String name) {
    try (InputStream in = Database.class.getResourceAsStream("/db/" + name)) {
      if (in == null) {
        throw new IllegalStateException("db/%s is missing in this build".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static DataDirectoryException damagedOrForeign(Path file, Exception e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (reason.contains("Could not set lock")) {
      return new DataDirectoryException(
          Problem.IN_USE,
          "%s is open in another program (%s)".formatted(file, reason),
          "Close it there, or choose another directory with --data DIR",
          e);
    }
    return new DataDirectoryException(
        Problem.DAMAGED,
        "%s cannot be read (%s)".formatted(file, reason),
        "Put a backup in its place, or move it away to start with an empty history",
        e);
  }
}
