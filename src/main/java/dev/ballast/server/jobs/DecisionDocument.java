package dev.ballast.server.jobs;

import dev.ballast.balancer.Candidate;
import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Factor;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decision as the API tells it.
 *
 * @param chosen the candidate that got the task; absent when it waits
 * @param reason why it waits; absent when it was placed
 * @param candidates the best first
 */
public record DecisionDocument(
    @Nullable Choice chosen, JobDocument.@Nullable Reason reason, List<Choice> candidates) {

  /**
   * A browser and backend that could run the task, with its cost in seconds and what it is made of.
   */
  public record Choice(
      String worker,
      String pool,
      BrowserKind browser,
      Backend backend,
      boolean free,
      double costSeconds,
      Map<String, Double> factors) {
    static Choice of(Candidate candidate) {
      Map<String, Double> factors = new LinkedHashMap<>();
      for (Map.Entry<Factor, Double> factor : candidate.seconds().entrySet()) {
        factors.put(factor.getKey().label(), factor.getValue());
      }
      return new Choice(
          candidate.worker().name(),
          candidate.pool(),
          candidate.kind(),
          candidate.backend(),
          candidate.free(),
          candidate.costSeconds(),
          factors);
    }
  }

  /** The decision as a document. */
  public static DecisionDocument of(Decision decision) {
    List<Choice> candidates = decision.candidates().stream().map(Choice::of).toList();
    return switch (decision) {
      case Decision.Placed placed ->
          new DecisionDocument(Choice.of(placed.chosen()), null, candidates);
      case Decision.Waits waits ->
          new DecisionDocument(null, JobDocument.Reason.of(waits.reason()), candidates);
    };
  }
}
