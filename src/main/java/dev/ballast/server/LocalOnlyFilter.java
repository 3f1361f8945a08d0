package dev.ballast.server;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Local mode trusts whoever can reach loopback, and a browser can: so a request that names another
 * host (DNS rebinding) or comes from another page's origin is refused.
 */
public class LocalOnlyFilter {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Door door;

  @Inject
  LocalOnlyFilter(Door door) {
    this.door = door;
  }

  @ServerRequestFilter(preMatching = true)
  public Optional<Response> check(ContainerRequestContext request) {
    if (door.guard().isPresent()) {
      return Optional.empty(); // it judges by tokens, not by hosts
    }
    // HTTP/2 has no Host header: there the request's own address is what the client asked for.
    String host =
        Optional.ofNullable(request.getHeaderString("Host"))
            .orElseGet(() -> request.getUriInfo().getRequestUri().getAuthority());
    if (host == null || !LOOPBACK.contains(withoutPort(host))) {
      return refuse(
          "the Host header \"%s\" does not name this machine. Maybe use 127.0.0.1?"
              .formatted(host));
    }
    String origin = request.getHeaderString("Origin");
    if (origin != null && !isOwn(origin, host)) {
      return refuse("pages of %s may not call this API".formatted(origin));
    }
    return Optional.empty();
  }

  private static boolean isOwn(String origin, String host) {
    String authority = authority(origin);
    return host.equals(authority);
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

  private static Optional<Response> refuse(String why) {
    return Optional.of(Problem.response(Response.Status.FORBIDDEN, "foreign-origin", why));
  }
}
