package dev.ballast.server.door;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What can be read in two ways, by a proxy before this service and by the service, or not at all.
 * What is no HTTP to begin with, the HTTP server refuses by itself, without a document.
 */
@ApplicationScoped
public class MalformedRequests {
  private static final Logger LOG = Logger.getLogger(MalformedRequests.class);

  /** Before everything that answers, the door included. */
  private static final int FIRST_OF_ALL = 410;

  private static final int BAD_REQUEST = 400;

  private final RefusedRequests refused;

  @Inject
  MalformedRequests(RefusedRequests refused) {
    this.refused = refused;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, FIRST_OF_ALL);
  }

  /** The router itself fails what names no host, or one that is none. */
  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(this::failed);
  }

  private void check(RoutingContext context) {
    ambiguous(context.request())
        .ifPresentOrElse(
            why -> {
              // Where one request ends and the next begins is what was in doubt.
              context.addEndHandler(_ -> context.request().connection().close());
              refuse(context, why);
            },
            context::next);
  }

  private static Optional<String> ambiguous(HttpServerRequest request) {
    MultiMap headers = request.headers();
    if (headers.getAll("Host").size() > 1) {
      return Optional.of("more than one Host header");
    }
    String coding = headers.get("Transfer-Encoding");
    return coding == null || coding.strip().equalsIgnoreCase("chunked")
        ? Optional.empty()
        : Optional.of("Transfer-Encoding is \"%s\"; known here: chunked".formatted(coding));
  }

  private void failed(RoutingContext context) {
    if (context.statusCode() == BAD_REQUEST && !context.response().headWritten()) {
      refuse(context, "the Host header is missing, or it or the path cannot be read");
    } else {
      context.next();
    }
  }

  private void refuse(RoutingContext context, String why) {
    LOG.infof(
        "refused %d bad-request: %s from %s: %s",
        BAD_REQUEST,
        context.request().method(),
        context.request().remoteAddress() == null
            ? "?"
            : context.request().remoteAddress().hostAddress(),
        DoorFilter.printable(why));
    refused.answer(context, new Guard.Refusal(BAD_REQUEST, "bad-request", why));
  }
}
