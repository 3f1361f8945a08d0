package dev.ballast.server.jobs.cluster;

import com.google.common.base.Splitter;
import dev.ballast.server.form.Problem;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody asked of the API server through us was refused there; passed on as it was said. */
public final class ClusterRefusalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Response.Status status;
  private final String code;
  private final transient @Nullable List<Problem.Field> fields;

  ClusterRefusalException(
      Response.Status status, String code, String message, @Nullable List<Problem.Field> fields) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** The answer of the API server, with the words that are used here. */
  static ClusterRefusalException of(int answered, Status said) {
    String message = String.valueOf(said.getMessage());
    return switch (answered) {
      case 400 ->
          new ClusterRefusalException(Response.Status.BAD_REQUEST, "bad-request", message, null);
      case 401 ->
          new ClusterRefusalException(Response.Status.UNAUTHORIZED, "bad-token", message, null);
      case 403 ->
          new ClusterRefusalException(Response.Status.FORBIDDEN, "forbidden", message, null);
      case 404 ->
          new ClusterRefusalException(Response.Status.NOT_FOUND, "no-such-job", message, null);
      case 409 ->
          new ClusterRefusalException(
              Response.Status.CONFLICT,
              "AlreadyExists".equals(said.getReason()) ? "job-exists" : "conflict",
              message,
              null);
      case 422 ->
          new ClusterRefusalException(
              Response.Status.BAD_REQUEST, "invalid-manifest", message, fields(said));
      default ->
          new ClusterRefusalException(
              Response.Status.SERVICE_UNAVAILABLE,
              "no-answer",
              "the API server answered %d: %s".formatted(answered, message),
              null);
    };
  }

  private static List<Problem.Field> fields(Status said) {
    List<StatusCause> causes =
        said.getDetails() == null ? List.of() : said.getDetails().getCauses();
    return causes.stream()
        .map(cause ->
            new Problem.Field(
                pointer(String.valueOf(cause.getField())), String.valueOf(cause.getMessage())))
        .toList();
  }

  /** {@code spec.matrix.backends[1]} as {@code /spec/matrix/backends/1} (RFC 6901). */
  private static String pointer(String field) {
    return Splitter.onPattern("[.\\[\\]]+")
        .omitEmptyStrings()
        .splitToStream(field)
        .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
        .reduce("", String::concat);
  }

  public Response.Status status() {
    return status;
  }

  public String code() {
    return code;
  }

  public @Nullable List<Problem.Field> fields() {
    return fields;
  }
}
