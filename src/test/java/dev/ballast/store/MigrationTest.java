package dev.ballast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.AttemptResult;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationTest {
  @TempDir Path folder;

  @Test
  void resultsOfSchemaOneAreStillThereAndSayNothingOfTheirSampling() throws Exception {
    Path file = folder.resolve("old.duckdb");
    try (Connection old = new DuckDBDriver().connect("jdbc:duckdb:" + file, new Properties());
        Statement statement = old.createStatement()) {
      statement.execute(
          "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name VARCHAR NOT NULL,"
              + " applied_at TIMESTAMPTZ NOT NULL)");
      statement.execute(resource("V1__journal_and_results.sql"));
      statement.execute(
          "INSERT INTO schema_version VALUES (1, 'V1__journal_and_results.sql', now())");
      statement.execute(
          """
          INSERT INTO attempts (sequence, ended_at, schema, namespace, job, uid, index, attempt,
            epoch, model_name, model_family, browser_kind, backend_actual, worker, started_at,
            samples, summary_n, summary_mean, summary_p50, summary_p90, summary_p99, summary_low95,
            summary_high95, browser_arguments, outcome, verdict_level, verdict_reasons)
          VALUES (1, now(), 1, 'default', 'job', 'uid', 0, 1, 1, 'vad', 'audio', 'firefox', 'wasm',
            'w', now(), [1.0, 3.0], 2, 2.0, 2.0, 2.8, 3.0, 1.0, 3.0, [], 'succeeded', 'trusted', [])
          """);
    }

    Database database = Database.open(file);

    try (Connection connection = database.connection();
        Statement statement = connection.createStatement()) {
      try (var row = statement.executeQuery("SELECT * FROM results")) {
        assertThat(row.next()).isTrue();
        AttemptResult result = AttemptRows.read(row);
        assertThat(result.samples()).containsExactly(1.0, 3.0);
        assertThat(result.sampling()).isNull();
      }
      try (var row = statement.executeQuery("SELECT mean FROM profiles")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getDouble("mean")).isEqualTo(2);
      }
    } finally {
      database.close();
    }
  }

  private static String resource(String name) throws Exception {
    try (InputStream in = Database.class.getResourceAsStream("/db/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
