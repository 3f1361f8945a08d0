package dev.ballast.store;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Observation;
import dev.ballast.balancer.Priors;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import dev.ballast.store.affinity.Affinities;
import dev.ballast.store.affinity.Affinity;
import dev.ballast.store.affinity.Estimate;
import dev.ballast.store.affinity.Place;
import dev.ballast.store.affinity.Speed;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, and what it says. Every call reads on a connection of its own and sees one
 * state of the database; any thread may ask while another one appends.
 */
public final class History {
  /** Affinities look back over this many measurements. */
  static final int LOOK_BACK = 200_000;

  /** Rows read at a time, so that any number of results needs the memory of these. */
  private static final int CHUNK = 2_000;

  private final Database database;

  History(Database database) {
    this.database = database;
  }

  /**
   * Results, and the cursor to go on from.
   *
   * @param next absent when there is no more now
   */
  public record Page(List<AttemptResult> results, OptionalLong next) {}

  /** Results in the order in which they were accepted. */
  public List<AttemptResult> results(ResultFilter filter) {
    List<AttemptResult> results = new ArrayList<>();
    results(filter, results::add);
    return results;
  }

  /** As {@link #results(ResultFilter)}, at constant memory. */
  public void results(ResultFilter filter, Consumer<AttemptResult> reader) {
    results(filter, this::page, reader);
  }

  /** As {@link #results(ResultFilter, Consumer)}, where each page is asked of {@code pages}. */
  public static void results(
      ResultFilter filter, Function<ResultFilter, Page> pages, Consumer<AttemptResult> reader) {
    int left = filter.limit().orElse(Integer.MAX_VALUE);
    ResultFilter rest = filter;
    while (left > 0) {
      Page page = pages.apply(rest.limit(Math.min(left, CHUNK)));
      page.results().forEach(reader);
      if (page.next().isEmpty()) {
        return;
      }
      left -= page.results().size();
      rest = rest.after(page.next().getAsLong());
    }
  }

  /** The first results behind {@link ResultFilter#after}: a stable order, whatever is appended. */
  public Page page(ResultFilter filter) {
    int limit = filter.limit().orElse(CHUNK);
    List<AttemptResult> results = new ArrayList<>();
    // Narrow first: ordering whole rows would read the rest of the table for every page.
    long[] last = {filter.after()};
    query(
        """
        SELECT coalesce(max(sequence), %d) FROM (
          SELECT sequence FROM attempts WHERE %s ORDER BY sequence LIMIT %d)
        """
            .formatted(filter.after(), filter.condition(), limit),
        row -> last[0] = row.getLong(1));
    query(
        "SELECT * FROM attempts WHERE %s AND sequence <= %d ORDER BY sequence"
            .formatted(filter.condition(), last[0]),
        row -> results.add(AttemptRows.read(row)));
    return new Page(
        results, results.size() == limit ? OptionalLong.of(last[0]) : OptionalLong.empty());
  }

  /** Why the last attempt of a task was placed where it was, if that is still kept. */
  public Optional<Decision.Placed> decision(String uid, int index) {
    List<String> found = new ArrayList<>();
    query(
        "SELECT decision FROM decisions WHERE uid = %s AND index = %d ORDER BY attempt DESC LIMIT 1"
            .formatted(ResultFilter.quoted(uid), index),
        row -> found.add(row.getString(1)));
    return found.stream().findFirst().map(Decisions::read);
  }

  /** Where a task was placed, each time, in that order, as far as that is still kept. */
  public List<Placement> placements(String uid, int index) {
    List<Placement> placements = new ArrayList<>();
    query(
        """
        SELECT attempt, decision, happened_at
        FROM decisions LEFT JOIN journal USING (sequence)
        WHERE uid = %s AND index = %d ORDER BY attempt
        """
            .formatted(ResultFilter.quoted(uid), index),
        row ->
            placements.add(
                new Placement(
                    row.getInt("attempt"),
                    row.getObject("happened_at") == null
                        ? Optional.empty()
                        : Optional.of(AttemptRows.instant(row, "happened_at")),
                    Decisions.read(row.getString("decision")))));
    return placements;
  }

  /** Every attempt of that run of a job, without its samples; a task's last attempt comes last. */
  public List<Measured> measured(String uid) {
    List<Measured> measured = new ArrayList<>();
    query(
        """
        SELECT index, attempt, outcome, verdict_level, verdict_reasons, browser_kind,
          coalesce(backend_actual, backend_requested) AS backend, summary_p50
        FROM attempts WHERE uid = %s ORDER BY sequence
        """
            .formatted(ResultFilter.quoted(uid)),
        row ->
            measured.add(
                new Measured(
                    row.getInt("index"),
                    row.getInt("attempt"),
                    Outcome.of(row.getString("outcome")),
                    row.getString("verdict_level"),
                    AttemptRows.strings(row.getArray("verdict_reasons")),
                    Optional.ofNullable(row.getString("browser_kind")).map(BrowserKind::new),
                    Optional.ofNullable(AttemptRows.backend(row.getString("backend"))),
                    optional(AttemptRows.real(row, "summary_p50")))));
    return measured;
  }

  /** All attempts of one task, in the order in which they ended. */
  public List<AttemptResult> attempts(String uid, int index) {
    List<AttemptResult> attempts = new ArrayList<>();
    query(
        "SELECT * FROM attempts WHERE uid = %s AND index = %d ORDER BY sequence"
            .formatted(ResultFilter.quoted(uid), index),
        row -> attempts.add(AttemptRows.read(row)));
    return attempts;
  }

  public List<Profile> profiles() {
    List<Profile> profiles = new ArrayList<>();
    query(
        """
        SELECT * FROM profiles
        ORDER BY model_family, model_name, software, browser_kind, browser_version, backend
        """,
        row -> profiles.add(profile(row)));
    return profiles;
  }

  /** Measured speeds beside what was believed; families first, each followed by its models. */
  public List<Affinity> affinities(Priors priors) {
    List<Speed> speeds = new ArrayList<>();
    query(
        """
        SELECT started_at, model_family, model_name, browser_kind,
          coalesce(backend_actual, backend_requested) AS backend, software, verdict_level, summary_p50
        FROM results
        WHERE outcome = 'succeeded' AND verdict_level <> 'rejected' AND summary_p50 > 0
          AND NOT list_has_any(verdict_reasons, ['cold', 'throttled'])
          AND browser_kind IS NOT NULL AND coalesce(backend_actual, backend_requested) IS NOT NULL
        ORDER BY started_at DESC LIMIT %d
        """
            .formatted(LOOK_BACK),
        row ->
            speeds.add(
                new Speed(
                    AttemptRows.instant(row, "started_at"),
                    AttemptRows.family(row.getString("model_family")),
                    row.getString("model_name"),
                    new Place(
                        new BrowserKind(row.getString("browser_kind")),
                        new Backend(row.getString("backend"))),
                    row.getBoolean("software"),
                    row.getString("verdict_level").equals(Verdict.Level.FLAGGED.label()),
                    row.getDouble("summary_p50"))));
    return Affinities.of(speeds, priors);
  }

  /**
   * The newest attempts of every model × browser kind × backend × adapter class, oldest first: what
   * a balancer starts with.
   */
  public List<Observation> observations(int newestOfEach) {
    List<Observation> observations = new ArrayList<>();
    // The samples of an attempt are most of its row, and teach nothing that its mean does not.
    query(
        """
        SELECT * REPLACE ([]::DOUBLE[] AS samples)
        FROM results
        WHERE browser_kind IS NOT NULL AND outcome NOT IN ('cancelled', 'worker-lost')
        QUALIFY row_number() OVER (
          PARTITION BY model_name, browser_kind, coalesce(backend_actual, backend_requested), software
          ORDER BY started_at DESC, uid, index, attempt) <= %d
        ORDER BY started_at, uid, index, attempt
        """
            .formatted(newestOfEach),
        row -> Observation.from(AttemptRows.read(row)).ifPresent(observations::add));
    return observations;
  }

  /** The names of all jobs that ever had a result, sorted. */
  public List<String> jobs() {
    List<String> jobs = new ArrayList<>();
    query("SELECT DISTINCT job FROM attempts ORDER BY job", row -> jobs.add(row.getString(1)));
    return jobs;
  }

  /** Whether there is a result of that filter. */
  public boolean holds(ResultFilter filter) {
    return !page(filter.limit(1)).results().isEmpty();
  }

  /**
   * Writes a view to a file, for other tools.
   *
   * @param filter which results; {@code profiles} are learned from all of them
   */
  public void copy(View view, FileForm form, ResultFilter filter, Path file) {
    try (DuckDBConnection connection = database.reading();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (%s) TO %s (%s)"
              .formatted(view.query(filter), ResultFilter.quoted(file.toString()), form.options()));
    } catch (SQLException e) {
      throw new StoreException("%s could not be written: %s".formatted(file, firstLine(e)), e);
    }
  }

  /**
   * Writes all that is durable now, journal and history, to a database file that is not there yet:
   * a backup, made while everything goes on. Put in the place of {@code ballast.duckdb} of a data
   * directory, Ballast goes on from it.
   */
  public synchronized void backup(Path file) {
    if (Files.exists(file)) {
      throw new StoreException(
          "%s cannot be written".formatted(file), new FileAlreadyExistsException(file.toString()));
    }
    try (DuckDBConnection connection = database.reading();
        Statement statement = connection.createStatement()) {
      String own;
      try (ResultSet row = statement.executeQuery("SELECT current_database()")) {
        row.next();
        own = row.getString(1);
      }
      statement.execute("ATTACH %s AS backup".formatted(ResultFilter.quoted(file.toString())));
      try {
        // One statement is one transaction: all tables as they were at one moment.
        statement.execute("COPY FROM DATABASE \"%s\" TO backup".formatted(own));
      } finally {
        statement.execute("DETACH backup");
      }
    } catch (SQLException e) {
      throw new StoreException("%s could not be written: %s".formatted(file, firstLine(e)), e);
    }
  }

  private static Profile profile(ResultSet row) throws SQLException {
    return new Profile(
        row.getString("model_name"),
        AttemptRows.family(row.getString("model_family")),
        new BrowserKind(row.getString("browser_kind")),
        row.getString("browser_version"),
        Optional.ofNullable(AttemptRows.backend(row.getString("backend"))),
        row.getBoolean("software"),
        row.getLong("n"),
        estimate(
            AttemptRows.real(row, "mean"),
            AttemptRows.real(row, "low95"),
            AttemptRows.real(row, "high95")),
        optional(AttemptRows.real(row, "load_mean")),
        optional(AttemptRows.whole(row, "peak_memory_bytes")),
        row.getLong("attempts"),
        row.getDouble("success_ratio"),
        AttemptRows.instant(row, "last_at"));
  }

  private static Optional<Estimate> estimate(
      @Nullable Double mean, @Nullable Double low95, @Nullable Double high95) {
    return mean == null
        ? Optional.empty()
        : Optional.of(new Estimate(mean, optional(low95), optional(high95)));
  }

  private static OptionalDouble optional(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private void query(String sql, RowReader reader) {
    try (DuckDBConnection connection = database.reading();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        reader.read(row);
      }
    } catch (SQLException e) {
      throw new StoreException("the history could not be read: %s".formatted(firstLine(e)), e);
    }
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Takes one row. */
  @FunctionalInterface
  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }
}
