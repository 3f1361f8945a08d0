package dev.ballast.server.door;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How much one caller may ask: so many requests a second, and bodies of a bounded size. Health,
 * metrics and the worker protocol (a worker has one exchange at a time) have no rate.
 */
@ApplicationScoped
public class RequestLimits {
  /** A manifest: the API server of a cluster takes no larger object either. */
  static final long MAX_BODY_BYTES = 1L << 20;

  /** Reports of a worker, with their evidence. */
  static final long MAX_SYNC_BYTES = 64L << 20;

  /** Behind the door, before everything that answers. */
  private static final int SECOND = 390;

  private static final int TOO_LARGE = 413;
  private static final int TOO_MANY = 429;

  private final RefusedRequests refused;
  private final CallerRates rates;

  @Inject
  RequestLimits(
      RefusedRequests refused,
      @ConfigProperty(name = "ballast.limits.requests-per-second", defaultValue = "200")
          double perSecond,
      @ConfigProperty(name = "ballast.limits.burst", defaultValue = "2000") double burst) {
    this.refused = refused;
    this.rates = new CallerRates(perSecond, burst, InstantSource.system());
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, SECOND);
  }

  /** What comes in chunks or unfolds has no length to look at: it is counted as it comes. */
  static long mostBytes(RoutingContext context) {
    return WorkerPath.of(context.normalizedPath()).isPresent() ? MAX_SYNC_BYTES : MAX_BODY_BYTES;
  }

  private void check(RoutingContext context) {
    String path = context.normalizedPath();
    boolean sync = WorkerPath.of(path).isPresent();
    long most = mostBytes(context);
    if (length(context.request()) > most) {
      refuse(
          context,
          new Guard.Refusal(
              TOO_LARGE, "too-large", "the body has more than %d bytes".formatted(most)));
      return;
    }
    if (!sync && !path.startsWith("/q/")) {
      Optional<Duration> wait = rates.ask(caller(context.request()));
      if (wait.isPresent()) {
        long seconds = wait.get().plusMillis(999).toSeconds();
        context.response().putHeader("Retry-After", String.valueOf(Math.max(1, seconds)));
        refuse(
            context,
            new Guard.Refusal(
                TOO_MANY, "too-many-requests", "slower, please: again in %d s".formatted(seconds)));
        return;
      }
    }
    context.next();
  }

  private void refuse(RoutingContext context, Guard.Refusal refusal) {
    refused.answer(context, refusal);
  }

  private static long length(HttpServerRequest request) {
    String told = request.getHeader("Content-Length");
    try {
      return told == null ? 0 : Long.parseLong(told);
    } catch (NumberFormatException e) {
      return 0; // the HTTP server refuses it by itself
    }
  }

  /** By token, else by address: behind a proxy many callers have one address. */
  private static String caller(HttpServerRequest request) {
    String token = request.getHeader("Authorization");
    if (token != null) {
      return Base64.getEncoder().encodeToString(SharedToken.digest(token));
    }
    return request.remoteAddress() == null
        ? "?"
        : String.valueOf(request.remoteAddress().hostAddress());
  }
}
