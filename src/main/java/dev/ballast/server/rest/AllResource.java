package dev.ballast.server.rest;

import dev.ballast.server.desk.Desk;
import dev.ballast.server.form.Numbers;
import dev.ballast.server.jobs.JobDocument;
import dev.ballast.server.jobs.JobPage;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Jobs and pools of all namespaces, for whoever may see all of them. */
@Path("/api/v1")
public class AllResource {
  private final Desk desk;

  @Inject
  AllResource(Desk desk) {
    this.desk = desk;
  }

  @GET
  @Path("jobs")
  @Operation(
      summary = "The jobs of all namespaces, newest first; the header Link leads to the next page")
  public RestResponse<List<JobDocument>> jobs(
      @QueryParam("limit") @DefaultValue("1000") String limit,
      @QueryParam("continue") @Nullable String cursor,
      @Context UriInfo uri) {
    return JobPage.of(
            desk.now().jobs().jobs(), _ -> true, Numbers.in("limit", limit, 1, JobPage.MAX), cursor)
        .response(uri);
  }

  @GET
  @Path("pools")
  @Operation(summary = "The pools of all namespaces that have workers, by name")
  public List<PoolDocument> pools() {
    return PoolDocument.of(desk.now());
  }
}
