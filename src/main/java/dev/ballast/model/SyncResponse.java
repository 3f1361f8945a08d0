package dev.ballast.model;

import java.util.List;

/**
 * What comes down in one exchange of the worker protocol.
 *
 * @param acknowledged reports that are durable (or void): the worker may forget them
 * @param revocations bound attempts to give back, if they have not started
 * @param cancellations attempts to stop: their job was cancelled, or their lease is void
 * @param drain finish what runs, take nothing new, then leave
 * @param heartbeatMillis the worker must be heard of at least this often
 */
public record SyncResponse(
    long epoch,
    List<AttemptId> acknowledged,
    List<Assignment> assignments,
    List<AttemptId> revocations,
    List<AttemptId> cancellations,
    boolean drain,
    long heartbeatMillis) {
  public SyncResponse {
    acknowledged = List.copyOf(acknowledged);
    assignments = List.copyOf(assignments);
    revocations = List.copyOf(revocations);
    cancellations = List.copyOf(cancellations);
  }
}
