package dev.ballast.store;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which results are meant.
 *
 * @param job a job's name (all its runs) or the uid of one run
 * @param since started at that time or later
 * @param after only rows behind that cursor of an earlier {@link History.Page}; 0: from the start
 * @param limit at most that many, ≥ 1
 */
public record ResultFilter(
    Optional<String> namespace,
    Optional<String> job,
    Optional<Instant> since,
    long after,
    OptionalInt limit) {
  public static final ResultFilter ALL =
      new ResultFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), 0, OptionalInt.empty());

  public ResultFilter {
    if (limit.isPresent() && limit.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "limit (%d) must be at least 1".formatted(limit.getAsInt()));
    }
  }

  public ResultFilter inNamespace(String name) {
    return new ResultFilter(Optional.of(name), job, since, after, limit);
  }

  public ResultFilter ofJob(String nameOrUid) {
    return new ResultFilter(namespace, Optional.of(nameOrUid), since, after, limit);
  }

  public ResultFilter since(Instant time) {
    return new ResultFilter(namespace, job, Optional.of(time), after, limit);
  }

  public ResultFilter after(long cursor) {
    return new ResultFilter(namespace, job, since, cursor, limit);
  }

  public ResultFilter limit(int rows) {
    return new ResultFilter(namespace, job, since, after, OptionalInt.of(rows));
  }

  /** As a condition on {@code attempts}. */
  String condition() {
    StringBuilder sql = new StringBuilder("sequence > ").append(after);
    namespace.ifPresent(name -> sql.append(" AND namespace = ").append(quoted(name)));
    job.ifPresent(name -> sql.append(" AND %1$s IN (job, uid)".formatted(quoted(name))));
    since.ifPresent(time ->
        sql.append(" AND started_at >= %s::TIMESTAMPTZ".formatted(quoted(time.toString()))));
    return sql.toString();
  }

  /** As a literal of SQL: COPY takes no parameters. */
  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
