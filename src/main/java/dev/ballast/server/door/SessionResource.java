package dev.ballast.server.door;

import dev.ballast.server.form.Problem;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/**
 * Where a browser leaves its token: in a cookie that scripts cannot read and that other sites'
 * pages do not send, since neither a navigation nor an event stream can carry a header.
 */
@Path("/api/v1/session")
public class SessionResource {
  static final String COOKIE = "ballast-token";
  private static final String BEARER = "Bearer ";

  @POST
  @Operation(
      summary = "Keep the bearer token of this request in a cookie, until the browser is closed")
  @APIResponse(responseCode = "204", description = "Done; Set-Cookie says it to the browser")
  public Response begin(
      @HeaderParam("Authorization") @Nullable String authorization, @Context UriInfo uri) {
    if (authorization == null || !authorization.startsWith(BEARER)) {
      return Problem.response(
          Response.Status.BAD_REQUEST,
          "no-token",
          "there is no token to keep; locally none is needed");
    }
    return Response.noContent()
        .cookie(cookie(authorization.substring(BEARER.length()).strip(), uri).build())
        .build();
  }

  @DELETE
  @Operation(summary = "Forget the cookie")
  @APIResponse(responseCode = "204", description = "Done; Set-Cookie says it to the browser")
  public Response end(@Context UriInfo uri) {
    return Response.noContent().cookie(cookie("", uri).maxAge(0).build()).build();
  }

  private static NewCookie.Builder cookie(String value, UriInfo uri) {
    return new NewCookie.Builder(COOKIE)
        .value(value)
        .path("/")
        .httpOnly(true)
        .secure("https".equals(uri.getRequestUri().getScheme()))
        .sameSite(NewCookie.SameSite.STRICT);
  }
}
