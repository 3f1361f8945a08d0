package dev.ballast.server.rest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.JournalException;
import dev.ballast.operator.validation.Suggestions;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.events.EventFeed;
import dev.ballast.server.form.Problem;
import dev.ballast.server.history.HistoryReads;
import dev.ballast.server.jobs.JobBook;
import dev.ballast.server.jobs.JobReader;
import dev.ballast.server.jobs.cluster.ClusterRefusalException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns what went wrong into problem documents. */
class ErrorMappers {
  @ServerExceptionMapper
  Response refused(DispatchException refused) {
    Response.Status status =
        switch (refused.code()) {
          case JOB_UNFINISHED, JOB_ENDED, STALE_SYNC, NOT_BOUND, DEPOSED ->
              Response.Status.CONFLICT;
          case NO_SUCH_JOB, NO_SUCH_WORKER -> Response.Status.NOT_FOUND;
          case NOT_READY, CLOSED -> Response.Status.SERVICE_UNAVAILABLE;
        };
    return Problem.response(status, refused.code().label(), String.valueOf(refused.getMessage()));
  }

  @ServerExceptionMapper
  Response unwrapped(CompletionException wrapped) {
    return switch (wrapped.getCause()) {
      case DispatchException refused -> refused(refused);
      case JournalException journal -> notDurable(journal);
      case null, default -> unexpected(wrapped);
    };
  }

  @ServerExceptionMapper
  Response notDurable(JournalException failure) {
    return Problem.response(
        Response.Status.SERVICE_UNAVAILABLE, "not-durable", String.valueOf(failure.getMessage()));
  }

  /** Others read so much that there is no room to read now. */
  @ServerExceptionMapper
  Response busy(BulkheadException busy) {
    return Problem.response(
        Response.Status.SERVICE_UNAVAILABLE,
        "history-busy",
        "%d others read the history. Ask again soon".formatted(HistoryReads.AT_ONCE));
  }

  @ServerExceptionMapper
  Response crowded(EventFeed.TooManyReadersException crowded) {
    return Response.fromResponse(
            Problem.response(
                Response.Status.TOO_MANY_REQUESTS,
                "too-many-readers",
                String.valueOf(crowded.getMessage())))
        .header(HttpHeaders.RETRY_AFTER, 30)
        .build();
  }

  @ServerExceptionMapper
  Response notReady(Desk.NotReadyException failure) {
    return Problem.response(
        Response.Status.SERVICE_UNAVAILABLE, "not-ready", String.valueOf(failure.getMessage()));
  }

  @ServerExceptionMapper
  Response invalid(JobReader.InvalidManifestException invalid) {
    return Problem.response(
        Response.Status.BAD_REQUEST,
        "invalid-manifest",
        String.valueOf(invalid.getMessage()),
        invalid.problems());
  }

  @ServerExceptionMapper
  Response keyReused(JobBook.KeyReusedException reused) {
    return Problem.response(
        Response.Status.CONFLICT, "idempotency-key-reused", String.valueOf(reused.getMessage()));
  }

  @ServerExceptionMapper
  Response byCluster(ClusterRefusalException refusal) {
    return Problem.response(
        refusal.status(), refusal.code(), String.valueOf(refusal.getMessage()), refusal.fields());
  }

  @ServerExceptionMapper
  Response invalidFields(Problem.InvalidFieldsException invalid) {
    return Problem.response(
        Response.Status.BAD_REQUEST,
        "invalid-fields",
        String.valueOf(invalid.getMessage()),
        invalid.fields());
  }

  /** The body is JSON of another shape, for example without a field that must be there. */
  @ServerExceptionMapper
  Response mismatched(MismatchedInputException mismatch) {
    return unreadable(mismatch);
  }

  @ServerExceptionMapper
  Response asAnswered(WebApplicationException answered) {
    if (answered.getCause() instanceof JsonProcessingException body) {
      return unreadable(body);
    }
    Response response = answered.getResponse();
    String code =
        response.getStatusInfo().getReasonPhrase().toLowerCase(Locale.ROOT).replace(' ', '-');
    return Problem.response(response.getStatusInfo(), code, String.valueOf(answered.getMessage()));
  }

  @ServerExceptionMapper
  Response unforeseen(RuntimeException failure) {
    return unexpected(failure);
  }

  private static Response unknownField(UnrecognizedPropertyException unknown) {
    String detail =
        "there is no field \"%s\" here. %s"
            .formatted(
                unknown.getPropertyName(),
                Suggestions.advice(
                    unknown.getPropertyName(),
                    unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList()));
    return Problem.response(
        Response.Status.BAD_REQUEST,
        "unreadable-body",
        detail,
        List.of(new Problem.Field(pointer(unknown.getPath()), detail)));
  }

  private static Response unreadable(JsonProcessingException body) {
    if (body instanceof UnrecognizedPropertyException unknown) {
      return unknownField(unknown);
    }
    String detail = "the body cannot be read: " + body.getOriginalMessage();
    if (body instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return Problem.response(
          Response.Status.BAD_REQUEST,
          "unreadable-body",
          detail,
          List.of(new Problem.Field(pointer(mapping.getPath()), body.getOriginalMessage())));
    }
    JsonLocation location = body.getLocation();
    return Problem.response(
        Response.Status.BAD_REQUEST,
        "unreadable-body",
        location == null
            ? detail
            : "%s (line %d, column %d)"
                .formatted(detail, location.getLineNr(), location.getColumnNr()));
  }

  private static String pointer(List<JsonMappingException.Reference> path) {
    StringBuilder pointer = new StringBuilder();
    for (JsonMappingException.Reference step : path) {
      pointer
          .append('/')
          .append(
              step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName());
    }
    return pointer.toString();
  }

  private static Response unexpected(Throwable failure) {
    System.getLogger(ErrorMappers.class.getName())
        .log(System.Logger.Level.ERROR, "a request failed", failure);
    return Problem.response(
        Response.Status.INTERNAL_SERVER_ERROR,
        "internal",
        "this should not happen; the log of the controller says more");
  }
}
