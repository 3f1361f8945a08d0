package dev.ballast.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.balancer.Decision;
import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.JobView;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.JobSpec;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.door.DoorFilter;
import dev.ballast.server.form.Numbers;
import dev.ballast.server.form.StrictBody;
import dev.ballast.server.history.HistoryResource;
import dev.ballast.server.history.ResultStream;
import dev.ballast.server.jobs.DecisionDocument;
import dev.ballast.server.jobs.IdempotencyKey;
import dev.ballast.server.jobs.JobBook;
import dev.ballast.server.jobs.JobDocument;
import dev.ballast.server.jobs.JobPage;
import dev.ballast.server.jobs.JobPatch;
import dev.ballast.server.jobs.JobReader;
import dev.ballast.server.jobs.MatrixDocument;
import dev.ballast.server.jobs.PlacementDocument;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Jobs of a namespace: submit, watch, change, cancel. */
@Path("/api/v1/namespaces/{namespace}/jobs")
public class JobResource {
  private static final int MAX_PAGE = 1000;

  /** What a cluster would take, too (RFC 1123). */
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final Desk desk;
  private final HistoryResource history;
  private final ObjectMapper mapper;
  private final CurrentVertxRequest request;

  @Inject
  JobResource(
      Desk desk, HistoryResource history, ObjectMapper mapper, CurrentVertxRequest request) {
    this.desk = desk;
    this.request = request;
    this.history = history;
    this.mapper = mapper;
  }

  @GET
  @Operation(
      summary =
          "The jobs of a namespace, newest first; the header Link leads to the next page, if there"
              + " is one")
  public RestResponse<List<JobDocument>> list(
      String namespace,
      @QueryParam("limit") @DefaultValue("1000") String limit,
      @QueryParam("continue") @Nullable String cursor,
      @Context UriInfo uri) {
    return JobPage.of(
            book().jobs(),
            job -> job.namespace().equals(namespace),
            Numbers.in("limit", limit, 1, JobPage.MAX),
            cursor)
        .response(uri);
  }

  @POST
  @Consumes({"application/yaml", "application/json", "text/plain"})
  @Blocking
  @Operation(
      summary =
          "Submit a TestJob; the answer comes when it is durable. With an Idempotency-Key the same"
              + " request may be repeated: it is one job")
  @APIResponse(
      responseCode = "201",
      description = "It is durable",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = JobDocument.class)))
  public Uni<Response> submit(
      String namespace,
      String manifest,
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey) {
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new BadRequestException(
          "namespace (%s) must be 1–63 lower-case letters, digits and hyphens. Maybe default?"
              .formatted(namespace));
    }
    JobReader.Manifest read = desk.now().reader().read(namespace, manifest);
    Optional<IdempotencyKey> key =
        Optional.ofNullable(idempotencyKey).map(given -> new IdempotencyKey(namespace, given));
    return book()
        .submit(new JobBook.Submission(read, manifest, key, token()))
        .map(job -> Response.status(Response.Status.CREATED).entity(job).build());
  }

  @GET
  @Path("{name}")
  @Operation(summary = "One job: its newest run, or the run of that uid")
  public JobDocument get(String namespace, String name) {
    return find(namespace, name);
  }

  @PATCH
  @Path("{name}")
  @Blocking
  @Operation(summary = "Suspend or resume a job, or change its parallelism or priority")
  public Uni<JobDocument> change(
      String namespace,
      String name,
      @RequestBody(content = @Content(schema = @Schema(implementation = JobPatch.class)))
          @Nullable JsonNode body)
      throws IOException {
    JobPatch patch = StrictBody.read(mapper, body, JobPatch.class, JobPatch.HOLDS);
    return book().change(find(namespace, name), patch.change(), token());
  }

  @DELETE
  @Path("{name}")
  @Blocking
  @Operation(summary = "Cancel a job; what was measured is kept")
  public Uni<JobDocument> cancel(String namespace, String name) {
    return book().cancel(find(namespace, name), token());
  }

  @GET
  @Path("{name}/tasks")
  @Operation(summary = "The tasks of a job, by index")
  public JobDocument.TaskPage tasks(
      String namespace,
      String name,
      @QueryParam("state") @Nullable String state,
      @QueryParam("limit") @DefaultValue("500") String asked,
      @QueryParam("continue") @DefaultValue("0") String cursor) {
    int limit = Numbers.in("limit", asked, 1, MAX_PAGE);
    int from = Numbers.in("continue", cursor, 0, JobSpec.MAX_TASKS);
    if (state != null && !JobDocument.Task.STATES.contains(state)) {
      throw new BadRequestException(
          "state (%s) is none. Known: %s"
              .formatted(state, String.join(", ", JobDocument.Task.STATES)));
    }
    JobView job = byUid(find(namespace, name).uid());
    return JobDocument.TaskPage.of(job, state, from, limit);
  }

  @GET
  @Path("{name}/matrix")
  @Blocking
  @Operation(
      summary = "A job as its matrix: states, verdicts and times by model, browser and backend")
  public MatrixDocument matrix(String namespace, String name) {
    JobView job = byUid(find(namespace, name).uid());
    return MatrixDocument.of(job, history.read(known -> known.measured(job.uid())));
  }

  @GET
  @Path("{name}/tasks/{index}/attempts")
  @Blocking
  @Operation(summary = "The results of one task, an attempt each, in the order in which they ended")
  public List<AttemptResult> attempts(
      String namespace, String name, @PathParam("index") String task) {
    JobDocument job = find(namespace, name);
    int index = Numbers.in("index", task, 0, job.tasks() - 1);
    return history.read(known -> known.attempts(job.uid(), index));
  }

  @GET
  @Path("{name}/tasks/{index}/placements")
  @Blocking
  @Operation(
      summary =
          "Where a task was placed, each time, and what became of it there: its attempts and its"
              + " migrations, as long as decisions are kept")
  public List<PlacementDocument> placements(
      String namespace, String name, @PathParam("index") String task) {
    JobView job = byUid(find(namespace, name).uid());
    int index = Numbers.in("index", task, 0, job.tasks().size() - 1);
    return history.read(known ->
        PlacementDocument.of(
            job.tasks().get(index),
            known.placements(job.uid(), index),
            known.attempts(job.uid(), index)));
  }

  @GET
  @Path("{name}/tasks/{index}/decision")
  @Blocking
  @Operation(
      summary =
          "Why a task ran where it did, or why it waits: the candidates and their costs in seconds,"
              + " by factor")
  public DecisionDocument decision(String namespace, String name, @PathParam("index") String task) {
    JobDocument job = find(namespace, name);
    int index = Numbers.in("index", task, 0, job.tasks() - 1);
    Decision decision =
        dispatch()
            .decision(job.uid(), index)
            .or(() -> history.read(known -> known.decision(job.uid(), index)))
            .orElseThrow(() ->
                new jakarta.ws.rs.NotFoundException(
                    "no decision was made for task %d of %s yet".formatted(index, name)));
    return DecisionDocument.of(decision);
  }

  @GET
  @Path("{name}/results")
  @RunOnVirtualThread
  @Produces({ResultStream.JSON, ResultStream.NDJSON, ResultStream.CSV, ResultStream.PARQUET})
  @Operation(summary = "The results of a job, by name (all its runs) or uid")
  @APIResponse(responseCode = "200", description = "Results, streamed")
  public Response results(
      String namespace,
      String name,
      @QueryParam("since") @Nullable String since,
      @Context HttpHeaders headers) {
    return history.answer(HistoryResource.filter(namespace, name, since), headers);
  }

  private JobDocument find(String namespace, String name) {
    return book()
        .find(namespace, name)
        .orElseThrow(() ->
            new DispatchException(
                DispatchException.Code.NO_SUCH_JOB,
                "no job \"%s\" in namespace \"%s\"".formatted(name, namespace)));
  }

  private JobView byUid(String uid) {
    return dispatch()
        .job(uid)
        .orElseThrow(() ->
            new DispatchException(DispatchException.Code.NO_SUCH_JOB, "no job has the uid " + uid));
  }

  private JobBook book() {
    return desk.now().jobs();
  }

  private Optional<String> token() {
    return DoorFilter.tokenOf(request.getCurrent());
  }

  private DispatchLoop dispatch() {
    return desk.now().dispatch();
  }
}
