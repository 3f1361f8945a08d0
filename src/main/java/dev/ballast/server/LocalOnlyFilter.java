package dev.ballast.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Local mode trusts whoever can reach loopback, and a browser can: so a request that names another
 * host (DNS rebinding) or comes from another page's origin is refused, whatever it asks for: the
 * API, the console, the metrics. Only health is told to everyone.
 */
@ApplicationScoped
public class LocalOnlyFilter {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  /** Says no more than whether the service is up. */
  private static final String HEALTH = "/q/health";

  /** Before everything that answers. */
  private static final int FIRST = 400;

  private final Door door;
  private final ObjectMapper mapper;

  @Inject
  LocalOnlyFilter(Door door, ObjectMapper mapper) {
    this.door = door;
    this.mapper = mapper;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, FIRST);
  }

  private void check(RoutingContext context) {
    if (door.guard().isPresent()) {
      context.next(); // it judges by tokens, not by hosts
      return;
    }
    if (context.normalizedPath().startsWith(HEALTH)) {
      context
          .next(); // a kubelet asks a pod by its address, and may do so before the guard is posted
      return;
    }
    // HTTP/2 has no Host header: there the request's own address is what the client asked for.
    String named = context.request().getHeader("Host");
    String host =
        named != null || context.request().authority() == null
            ? named
            : context.request().authority().toString();
    String origin = context.request().getHeader("Origin");
    if (host == null || !LOOPBACK.contains(withoutPort(host))) {
      refuse(
          context,
          "the Host header \"%s\" does not name this machine. Maybe use 127.0.0.1?"
              .formatted(host));
    } else if (origin != null && !host.equals(authority(origin))) {
      refuse(context, "pages of %s may not call this API".formatted(origin));
    } else {
      context.next();
    }
  }

  private static @Nullable String authority(String origin) {
    try {
      return URI.create(origin).getAuthority();
    } catch (IllegalArgumentException e) {
      return null; // "null" and other oddities are nobody's own origin
    }
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private void refuse(RoutingContext context, String why) {
    Response response = Problem.response(Response.Status.FORBIDDEN, "foreign-origin", why);
    try {
      context
          .response()
          .setStatusCode(response.getStatus())
          .putHeader("Content-Type", Problem.MEDIA_TYPE)
          .end(mapper.writeValueAsString(response.getEntity()))
          .onFailure(context::fail);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
