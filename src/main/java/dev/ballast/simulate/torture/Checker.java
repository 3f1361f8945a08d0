package dev.ballast.simulate.torture;

import dev.ballast.dispatch.Event;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Outcome;
import dev.ballast.model.TaskId;
import dev.ballast.model.WorkerId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Holds the history of a run against the promises: what became durable, what was told to whom, and
 * what the workers really did.
 */
final class Checker {
  private final ToLongFunction<WorkerId> memoryBytes;
  private final Map<String, JobSpec> jobs = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private final Map<TaskId, AttemptId> current = new HashMap<>();
  private final Map<AttemptId, WorkerId> holders = new HashMap<>();
  private final Map<AttemptId, Outcome> accepted = new HashMap<>();
  private final Set<AttemptId> returned = new HashSet<>();
  private final Set<TaskId> done = new HashSet<>();

  /**
   * @param memoryBytes what the browser of a worker may use
   */
  Checker(ToLongFunction<WorkerId> memoryBytes) {
    this.memoryBytes = memoryBytes;
  }

  /** An event became durable under a reign. */
  void durable(Event event, long reign) {
    switch (event) {
      case Event.JobAccepted job -> jobs.put(job.uid(), job.job());
      case Event.AttemptBound bound -> bound(bound, reign);
      case Event.AttemptReturned back -> {
        require(
            back.attempt().equals(current.get(back.attempt().task())),
            "%s was taken back, but another attempt is the current one",
            back.attempt());
        returned.add(back.attempt());
      }
      case Event.AttemptEnded end -> ended(end, reign);
      case Event.JobEnded job -> require(ended.add(job.uid()), "job %s ended twice", job.uid());
      case Event.JobForgotten job ->
          require(ended.contains(job.uid()), "job %s was forgotten unfinished", job.uid());
      case Event.TasksRecalled _,
          Event.JobChanged _,
          Event.JobRestored _,
          Event.TasksRestored _ -> {
        // Nothing was promised of these.
      }
    }
  }

  private void bound(Event.AttemptBound bound, long reign) {
    AttemptId attempt = bound.attempt();
    AttemptId before = current.put(attempt.task(), attempt);
    require(
        before == null || before.number() < attempt.number(),
        "the number of %s was used before",
        attempt);
    require(attempt.epoch() == reign, "%s was bound by reign %d", attempt, reign);
    require(!ended.contains(attempt.task().job()), "%s was bound after its job's end", attempt);
    require(!done.contains(attempt.task()), "%s was bound after its task's result", attempt);
    require(
        before == null || before.epoch() < reign || isOver(before),
        "%s was bound while %s was neither ended nor taken back",
        attempt,
        before);
    JobSpec job = jobs.get(attempt.task().job());
    if (job == null) {
      throw new BrokenPromiseException("%s is of a job that was never accepted".formatted(attempt));
    }
    job.requirements()
        .memoryBytes()
        .ifPresent(needed ->
            require(
                needed <= memoryBytes.applyAsLong(bound.worker()),
                "%s needs more memory than %s has",
                attempt,
                bound.worker()));
    holders.put(attempt, bound.worker());
  }

  private void ended(Event.AttemptEnded end, long reign) {
    AttemptResult result = end.result();
    AttemptId attempt = result.attemptId();
    require(
        attempt.equals(current.get(attempt.task())),
        "a result of %s was accepted, but another attempt is the current one",
        attempt);
    require(attempt.epoch() == reign, "a result of %s was accepted by reign %d", attempt, reign);
    require(
        result.worker().equals(String.valueOf(holders.get(attempt))),
        "a result of %s was accepted from %s, which does not hold it",
        attempt,
        result.worker());
    require(!returned.contains(attempt), "a result of %s was accepted after its return", attempt);
    require(
        accepted.put(attempt, result.outcome()) == null,
        "two results of %s were accepted",
        attempt);
    if (end.retryAt().isEmpty()) {
      require(done.add(attempt.task()), "task %s has two effective results", attempt.task());
    }
  }

  /** A submission was acknowledged. */
  void acknowledged(String uid) {
    require(jobs.containsKey(uid), "job %s was acknowledged, and is not durable", uid);
  }

  /** A worker is told that it may forget its report, by that reign. */
  void acknowledged(AttemptId attempt, long reign) {
    require(
        accepted.containsKey(attempt) || isVoid(attempt, reign),
        "the report of %s was acknowledged, and is not durable",
        attempt);
  }

  /** A worker stopped what it was running, because that reign told it to. */
  void stopped(AttemptId attempt, long reign) {
    require(isVoid(attempt, reign), "%s was running under a good lease, and was stopped", attempt);
  }

  /** An attempt was taken back while its worker holds it and had said so. */
  void takenFromAHolder(AttemptId attempt) {
    require(
        false, "%s was taken back though its worker holds it and did not give it back", attempt);
  }

  /** Whether nobody may count on the attempt any more. */
  private boolean isVoid(AttemptId attempt, long reign) {
    return attempt.epoch() < reign
        || isOver(attempt)
        || !attempt.equals(current.get(attempt.task()))
        || ended.contains(attempt.task().job());
  }

  private boolean isOver(AttemptId attempt) {
    return accepted.containsKey(attempt) || returned.contains(attempt);
  }

  // Error Prone's @FormatMethod is no dependency of the core.
  @SuppressWarnings("AnnotateFormatMethod")
  static void require(boolean condition, String otherwise, Object... details) {
    if (!condition) {
      throw new BrokenPromiseException(otherwise.formatted(details));
    }
  }
}
