package dev.ballast.server.rest;

import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.SyncRequest;
import dev.ballast.server.desk.Desk;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Pools and workers of a namespace. Those of a cluster are called {@code namespace/name} among all
 * of them and {@code name} here; those of local runs have no namespace, and every namespace sees
 * them.
 */
@Path("/api/v1")
public class PoolResource {
  private final Desk desk;

  @Inject
  PoolResource(Desk desk) {
    this.desk = desk;
  }

  @GET
  @Path("namespaces/{namespace}/workers")
  @Operation(summary = "The workers of a namespace's pools, and what they last told of themselves")
  public List<WorkerView> workers(String namespace) {
    return desk.now().dispatch().workers().stream()
        .filter(worker ->
            worker
                .request()
                .map(SyncRequest::pool)
                .filter(pool -> PoolDocument.nameIn(namespace, pool).isPresent())
                .isPresent())
        .toList();
  }

  @GET
  @Path("namespaces/{namespace}/pools")
  @Operation(summary = "The pools that have workers, by name")
  public List<PoolDocument> list(String namespace) {
    return PoolDocument.of(desk.now()).stream()
        .flatMap(pool -> pool.in(namespace).stream())
        .toList();
  }

  @GET
  @Path("forecasts")
  @Operation(
      summary = "What was forecast of each pool in the last 15 minutes, and what came, each 10 s")
  public List<ForecastDocument> forecasts() {
    return ForecastDocument.of(desk.now().retrospect());
  }

  @GET
  @Path("namespaces/{namespace}/forecasts")
  @Operation(summary = "The forecasts of a namespace's pools, and what came")
  public List<ForecastDocument> forecasts(String namespace) {
    return forecasts().stream().flatMap(pool -> pool.in(namespace).stream()).toList();
  }

  @GET
  @Path("namespaces/{namespace}/pools/{name}")
  @Operation(summary = "One pool: its browser, workers, slots and breakers")
  public PoolDocument get(String namespace, String name) {
    List<PoolDocument> pools = list(namespace);
    return pools.stream()
        .filter(pool -> pool.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new NotFoundException(
                "no pool \"%s\" has workers here. Known: %s"
                    .formatted(
                        name,
                        pools.isEmpty()
                            ? "none"
                            : String.join(", ", pools.stream().map(PoolDocument::name).toList()))));
  }
}
