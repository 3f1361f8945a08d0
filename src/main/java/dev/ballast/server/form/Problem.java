package dev.ballast.server.form;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error over HTTP as RFC 9457 wants it ({@code application/problem+json}). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type, String title, int status, String detail, @Nullable List<Field> errors) {
  /** One field that is wrong. {@code pointer}: a JSON pointer (RFC 6901) into the body. */
  public record Field(String pointer, String detail) {}

  /** A body of the right shape with values that are not; answered with 400. */
  public static final class InvalidFieldsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Field> fields;

    public InvalidFieldsException(List<Field> fields) {
      super(fields.getFirst().detail());
      this.fields = List.copyOf(fields);
    }

    public List<Field> fields() {
      return fields;
    }
  }

  /** The media type of all errors here. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** {@code code} is a stable word, for example {@code job-not-found}. */
  public static Response response(Response.StatusType status, String code, String detail) {
    return response(status, code, detail, null);
  }

  public static Response response(
      Response.StatusType status, String code, String detail, @Nullable List<Field> errors) {
    Problem problem =
        new Problem(
            "https://ballast.dev/problems/" + code,
            status.getReasonPhrase(),
            status.getStatusCode(),
            detail,
            errors);
    return Response.status(status).type(MEDIA_TYPE).entity(problem).build();
  }
}
