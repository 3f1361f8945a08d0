package dev.ballast.server.events;

import dev.ballast.dispatch.Event;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happened, as the event stream tells it; what an event does not have is null.
 *
 * @param type {@code job-accepted}, {@code job-changed}, {@code job-ended}, {@code attempt-bound},
 *     {@code attempt-returned} or {@code attempt-ended}
 * @param uid of the job
 * @param state how a job ended: {@code complete}, {@code failed} or {@code cancelled}
 * @param again whether the task will be tried again
 */
public record EventDocument(
    String type,
    Instant at,
    String uid,
    @Nullable String namespace,
    @Nullable String job,
    @Nullable Integer index,
    @Nullable Integer attempt,
    @Nullable String worker,
    @Nullable Backend backend,
    @Nullable Outcome outcome,
    Verdict.@Nullable Level verdict,
    @Nullable Boolean again,
    @Nullable String state,
    @Nullable String message) {

  /** Empty for what the journal keeps for itself: snapshots, and ended jobs it lets go. */
  static Optional<EventDocument> of(Event event) {
    return switch (event) {
      case Event.JobAccepted accepted ->
          Optional.of(
              ofJob(
                  "job-accepted",
                  event.at(),
                  accepted.uid(),
                  accepted.job().namespace(),
                  accepted.job().name(),
                  null,
                  null));
      case Event.JobChanged changed ->
          Optional.of(ofJob("job-changed", event.at(), changed.uid(), null, null, null, null));
      case Event.JobEnded ended ->
          Optional.of(
              ofJob(
                  "job-ended",
                  event.at(),
                  ended.uid(),
                  null,
                  null,
                  ended.end().name().toLowerCase(Locale.ROOT),
                  ended.message()));
      case Event.AttemptBound bound ->
          Optional.of(
              ofAttempt(
                  "attempt-bound",
                  event.at(),
                  bound.attempt(),
                  bound.worker().name(),
                  bound.backend(),
                  null));
      case Event.AttemptReturned returned ->
          Optional.of(
              ofAttempt("attempt-returned", event.at(), returned.attempt(), null, null, null));
      case Event.AttemptEnded ended -> Optional.of(ended(ended));
      case Event.TasksRecalled _,
          Event.JobForgotten _,
          Event.JobRestored _,
          Event.TasksRestored _ ->
          Optional.empty();
    };
  }

  /** The same with the job's name. */
  EventDocument of(String jobNamespace, String jobName) {
    return new EventDocument(
        type,
        at,
        uid,
        jobNamespace,
        jobName,
        index,
        attempt,
        worker,
        backend,
        outcome,
        verdict,
        again,
        state,
        message);
  }

  private static EventDocument ofJob(
      String type,
      Instant at,
      String uid,
      @Nullable String namespace,
      @Nullable String job,
      @Nullable String state,
      @Nullable String message) {
    return new EventDocument(
        type, at, uid, namespace, job, null, null, null, null, null, null, null, state, message);
  }

  private static EventDocument ofAttempt(
      String type,
      Instant at,
      AttemptId attempt,
      @Nullable String worker,
      @Nullable Backend backend,
      @Nullable String message) {
    return new EventDocument(
        type,
        at,
        attempt.task().job(),
        null,
        null,
        attempt.task().index(),
        attempt.number(),
        worker,
        backend,
        null,
        null,
        null,
        null,
        message);
  }

  private static EventDocument ended(Event.AttemptEnded ended) {
    AttemptResult result = ended.result();
    return new EventDocument(
        "attempt-ended",
        ended.at(),
        result.uid(),
        result.namespace(),
        result.job(),
        result.index(),
        result.attempt(),
        result.worker(),
        result.backend().actual(),
        result.outcome(),
        result.verdict().level(),
        ended.retryAt().isPresent(),
        null,
        result.message());
  }
}
