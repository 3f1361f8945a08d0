package dev.ballast.server.rest;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.WorkerId;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.door.WorkerPath;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.IOException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** The worker protocol, and what is known of the workers. */
@Path("/api/v1/workers")
public class WorkerResource {
  private final Desk desk;

  @Inject
  WorkerResource(Desk desk) {
    this.desk = desk;
  }

  @GET
  @Operation(summary = "The workers, and what they last told of themselves")
  public List<WorkerView> list() {
    return desk.now().dispatch().workers();
  }

  @POST
  @Path("{id}/drain")
  @Operation(summary = "Bind nothing more to a worker; what runs there finishes")
  @APIResponse(responseCode = "204", description = "It drains")
  public Uni<Void> drain(@Encoded @PathParam("id") String encoded) {
    WorkerId worker = new WorkerId(WorkerPath.decoded(encoded));
    return Uni.createFrom().completionStage(() -> desk.now().dispatch().drain(worker));
  }

  /**
   * Evidence is written before the report is handed on: once a report is acknowledged its worker
   * forgets it.
   */
  @POST
  @Path("{id}/sync")
  @Blocking
  @Operation(
      summary = "One exchange of the worker protocol, held open while there is nothing to say")
  public Uni<SyncResponse> sync(
      @Encoded @PathParam("id") String encoded, @Nullable SyncRequest request) throws IOException {
    // As the door reads it. Decoded for us it would keep the slash of NAME@NAMESPACE/POOL encoded.
    String id = WorkerPath.decoded(encoded);
    if (request == null || request.worker() == null || request.incarnation() == null) {
      throw new BadRequestException("the body must say which worker, and which incarnation of it");
    }
    if (!id.equals(request.worker().name())) {
      throw new BadRequestException(
          "worker \"%s\" of the body is not the \"%s\" of the path"
              .formatted(request.worker(), id));
    }
    SyncRequest proven = PoolClaim.judge(request);
    for (AttemptReport report : request.reports()) {
      desk.now().evidence().keep(report);
    }
    return Uni.createFrom().completionStage(() -> desk.now().dispatch().sync(proven));
  }
}
