package dev.ballast.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ballast.balancer.Candidate;
import dev.ballast.balancer.Decision;
import dev.ballast.dispatch.Decided;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;

/** Decisions as rows of the table {@code decisions}, and back: the choice and its best rivals. */
final class Decisions {
  /** Candidates kept of each decision: what was chosen, and what it was chosen over. */
  private static final int CANDIDATES = 4;

  private Decisions() {}

  static void append(DuckDBAppender row, long sequence, Decided decided) throws SQLException {
    Decision.Placed placed = decided.decision();
    List<Candidate> best = new ArrayList<>(CANDIDATES);
    placed.candidates().stream().limit(CANDIDATES).forEach(best::add);
    try {
      row.beginRow()
          .append(sequence)
          .append(decided.attempt().task().job())
          .append(decided.attempt().task().index())
          .append(decided.attempt().number())
          .append(
              BallastJson.mapper().writeValueAsString(new Decision.Placed(placed.chosen(), best)))
          .endRow();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a decision cannot be written as JSON", e);
    }
  }

  static Decision.Placed read(String json) {
    try {
      return BallastJson.mapper().readValue(json, Decision.Placed.class);
    } catch (JsonProcessingException e) {
      throw new StoreException(
          "the decision was written in a form that this version does not know (%s)"
              .formatted(e.getOriginalMessage()),
          e);
    }
  }
}
