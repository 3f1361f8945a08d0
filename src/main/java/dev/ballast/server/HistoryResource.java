package dev.ballast.server;

import dev.ballast.store.Affinity;
import dev.ballast.store.Prior;
import dev.ballast.store.Profile;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What was measured, and what was learned of it. */
@Path("/api/v1")
@Blocking
public class HistoryResource {
  private final Desk desk;

  @Inject
  HistoryResource(Desk desk) {
    this.desk = desk;
  }

  @GET
  @Path("profiles")
  @Operation(summary = "What was learned of each model on each browser")
  public List<Profile> profiles() {
    return desk.now().history().profiles();
  }

  @GET
  @Path("affinities")
  @Operation(
      summary = "Which browser runs a family, and a model, best, beside the configured priors")
  public List<Affinity> affinities() {
    return desk.now().history().affinities(Prior.DEFAULTS);
  }
}
