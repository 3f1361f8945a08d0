package dev.ballast.dispatch;

import dev.ballast.balancer.Fleet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state in one look, so that what is counted here adds up: every number is of the same moment.
 *
 * @param at the moment
 * @param jobs without their tasks, the oldest first
 * @param fleet the browsers that take tasks
 * @param waitingSince when the task came to the queue that waits longest for a place it could have;
 *     empty: none does
 * @param refusedResults as {@link DispatchLoop#refusedResults}
 */
public record Pulse(
    Instant at,
    List<JobView> jobs,
    List<WorkerView> workers,
    Fleet fleet,
    Optional<Instant> waitingSince,
    Moves moves,
    long refusedResults) {
  public Pulse {
    jobs = List.copyOf(jobs);
    workers = List.copyOf(workers);
  }
}
