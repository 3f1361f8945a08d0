package dev.ballast.server.door;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Takes a body in before anything else sees the request. Whoever sends slowly then keeps a
 * connection waiting, and no thread: a few hundred such senders would stop everyone otherwise.
 */
@ApplicationScoped
public class RequestBodies {
  /** Behind the limits of what may come. */
  private static final int THIRD = 380;

  private static final int TIMEOUT = 408;
  private static final int TOO_LARGE = 413;
  private static final int UNAVAILABLE = 503;

  private final RefusedRequests refused;
  private final Duration patience;

  /** Bytes that all unfinished requests may hold together: a quarter of what the heap can be. */
  private final long room = Runtime.getRuntime().maxMemory() / 4;

  private final AtomicLong held = new AtomicLong();

  @Inject
  RequestBodies(
      RefusedRequests refused,
      @ConfigProperty(name = "ballast.limits.body-time", defaultValue = "30S") Duration patience) {
    this.refused = refused;
    this.patience = patience;
  }

  void register(@Observes Filters filters) {
    filters.register(this::take, THIRD);
  }

  private void take(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.isEnded() || !mayHaveBody(request)) {
      context.next();
      return;
    }
    Reading reading = new Reading(context, RequestLimits.mostBytes(context));
    request
        .handler(reading::add)
        .endHandler(_ -> reading.end())
        .exceptionHandler(_ -> reading.stop()); // a connection that breaks is answered by nobody
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      var _ = context.response().writeContinue();
    }
    request.resume();
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return request.headers().contains("Content-Length")
        || request.headers().contains("Transfer-Encoding");
  }

  /** One body on its way; all of it happens on the connection's own event loop. */
  private final class Reading {
    private final RoutingContext context;
    private final long most;
    private final Buffer body = Buffer.buffer();
    private final long timer;
    private boolean over;

    Reading(RoutingContext context, long most) {
      this.context = context;
      this.most = most;
      this.timer = context.vertx().setTimer(patience.toMillis(), _ -> late());
      context.addEndHandler(_ -> stop());
    }

    void add(Buffer part) {
      if (over) {
        return; // read on and dropped, so that the answer arrives
      }
      if (body.length() + part.length() > most) {
        refuse(TOO_LARGE, "too-large", "the body has more than %d bytes".formatted(most));
      } else if (held.addAndGet(part.length()) > room) {
        body.appendBuffer(part);
        context.response().putHeader("Retry-After", "1");
        refuse(UNAVAILABLE, "busy", "too much is being sent here at a time: again in 1 s");
      } else {
        body.appendBuffer(part);
      }
    }

    void end() {
      if (!over) {
        stop();
        ((RoutingContextInternal) context).setBody(body);
        context.next();
      }
    }

    private void late() {
      if (!over) {
        context.addEndHandler(_ -> context.request().connection().close());
        refuse(
            TIMEOUT,
            "too-slow",
            "the body did not arrive within %d s".formatted(patience.toSeconds()));
      }
    }

    private void refuse(int status, String type, String message) {
      stop();
      // What still comes is dropped, so that the sender gets to read the answer; not for ever.
      context.vertx().setTimer(patience.toMillis(), _ -> closeUnlessEnded());
      refused.answer(context, new Guard.Refusal(status, type, message));
    }

    private void closeUnlessEnded() {
      if (!context.request().isEnded()) {
        var _ = context.request().connection().close();
      }
    }

    /** Nothing is held for it any more. */
    void stop() {
      if (!over) {
        over = true;
        held.addAndGet(-body.length());
        context.vertx().cancelTimer(timer);
      }
    }
  }
}
