package dev.ballast.store;

/**
 * Journal and history of one data directory. One process has it open; one thread appends, any
 * number read.
 */
public final class Store implements AutoCloseable {
  private final DataDirectory directory;
  private final Database database;
  private final DuckDbJournal journal;
  private final History history;

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

  public DataDirectory directory() {
    return directory;
  }

  public DuckDbJournal journal() {
    return journal;
  }

  public History history() {
    return history;
  }

  /** Closes the database; the directory stays its opener's. */
  @Override
  public void close() {
    journal.close();
    database.close();
  }
}
