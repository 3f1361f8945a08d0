import java.nio.file.Path;
import java.sql.DriverManager;

/**
 * Makes the results of a database many: {@code java -cp duckdb_jdbc.jar Rows.java FILE N} copies the results that are there until there are N, each
 * with a hundred samples, as real ones have. For bin/window-check only; the journal is left as it is.
 */
class Rows {
  public static void main(String[] arguments) throws Exception {
    long wanted = Long.parseLong(arguments[1]);
    try (var connection = DriverManager.getConnection("jdbc:duckdb:" + Path.of(arguments[0]));
        var statement = connection.createStatement()) {
      long there;
      try (var rows = statement.executeQuery("SELECT count(*) FROM attempts")) {
        rows.next();
        there = rows.getLong(1);
      }
      if (there == 0) {
        throw new IllegalStateException("there is no result to copy");
      }
      statement.execute(
          """
          CREATE TEMP TABLE seed AS SELECT * FROM attempts;
          DELETE FROM attempts;
          INSERT INTO attempts
            SELECT * REPLACE (row_number() OVER () AS sequence, [0.3 + i * 0.001 FOR i IN range(100)] AS samples)
            FROM (SELECT seed.* FROM seed, range(%d) LIMIT %d);
          CHECKPOINT;
          """
              .formatted(wanted / there + 1, wanted));
    }
  }
}
