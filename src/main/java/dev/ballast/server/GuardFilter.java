package dev.ballast.server;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Asks the guard, off the event loop, since it may have to ask somebody else. */
public class GuardFilter {
  private static final String BEARER = "Bearer ";

  private final Door door;

  @Inject
  GuardFilter(Door door) {
    this.door = door;
  }

  @ServerRequestFilter(preMatching = true)
  public @Nullable Uni<Response> check(ContainerRequestContext request) {
    Optional<Guard> guard = door.guard();
    if (guard.isEmpty()) {
      return null;
    }
    String method = request.getMethod();
    String path = request.getUriInfo().getRequestUri().getPath();
    Optional<String> token =
        Optional.ofNullable(request.getHeaderString("Authorization"))
            .filter(header -> header.startsWith(BEARER))
            .map(header -> header.substring(BEARER.length()).strip());
    return Uni.createFrom()
        .item(() -> guard.get().check(method, path, token))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .map(refusal -> refusal.map(GuardFilter::response).orElse(null));
  }

  private static Response response(Guard.Refusal refusal) {
    return Problem.response(
        Response.Status.fromStatusCode(refusal.status()), refusal.type(), refusal.message());
  }
}
