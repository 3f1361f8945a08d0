package dev.ballast.store;

import java.util.Locale;

/** What can be taken away as a whole; the columns are those of {@code docs/results.md}. */
public enum View {
  /** One row per attempt. */
  RESULTS {
    @Override
    String query(ResultFilter filter) {
      return """
      SELECT * FROM results WHERE (uid, index, attempt, epoch) IN (
        SELECT (uid, index, attempt, epoch) FROM attempts WHERE %s ORDER BY sequence%s)
      ORDER BY ended_at, uid, index, attempt
      """
          .formatted(
              filter.condition(),
              filter.limit().isPresent() ? " LIMIT " + filter.limit().getAsInt() : "");
    }
  },
  /** What was learned of each model in each browser. */
  PROFILES {
    @Override
    String query(ResultFilter filter) {
      return "SELECT * FROM profiles ORDER BY model_name, browser_kind, browser_version, backend,"
          + " software";
    }
  };

  abstract String query(ResultFilter filter);

  /** For example {@code results}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
