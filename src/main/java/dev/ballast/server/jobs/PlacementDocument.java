package dev.ballast.server.jobs;

import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.TaskState;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.store.Placement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place that a task was given, and what became of it there.
 *
 * @param attempt its number, from 1
 * @param at when it was placed; null once the journal no longer goes back so far
 * @param costSeconds what the balancer expected it to cost there
 * @param fate {@code bound} or {@code running} now, the outcome of the attempt, or {@code moved}:
 *     it was taken back before it started
 */
public record PlacementDocument(
    int attempt,
    @Nullable Instant at,
    String worker,
    String pool,
    BrowserKind browser,
    Backend backend,
    double costSeconds,
    String fate) {
  static final String MOVED = "moved";

  /** Of one task, in the order in which they were given. */
  public static List<PlacementDocument> of(
      JobView.TaskView task, List<Placement> placements, List<AttemptResult> results) {
    Map<Integer, String> fates = new HashMap<>();
    results.forEach(result -> fates.put(result.attempt(), result.outcome().label()));
    switch (task.state()) {
      case TaskState.Bound bound -> fates.put(bound.attempt().number(), "bound");
      case TaskState.Running running -> fates.put(running.attempt().number(), "running");
      case TaskState.Waiting _, TaskState.Done _, TaskState.Dropped _ -> {
        // Every placement is over: its result tells how, or it has none.
      }
    }
    return placements.stream()
        .map(placement -> {
          var chosen = placement.decision().chosen();
          return new PlacementDocument(
              placement.attempt(),
              placement.at().orElse(null),
              chosen.worker().name(),
              chosen.pool(),
              chosen.kind(),
              chosen.backend(),
              chosen.costSeconds(),
              fates.getOrDefault(placement.attempt(), MOVED));
        })
        .toList();
  }
}
