package dev.ballast.server.form;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;

/** Problem documents for what is refused before any resource is asked. */
@Singleton
public class Answers {
  private final ObjectMapper mapper;

  @Inject
  Answers(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  public void refuse(RoutingContext context, int status, String type, String detail) {
    Response problem = Problem.response(Response.Status.fromStatusCode(status), type, detail);
    try {
      context
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", Problem.MEDIA_TYPE)
          .end(mapper.writeValueAsString(problem.getEntity()))
          .onFailure(context::fail);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
