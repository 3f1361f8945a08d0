package dev.ballast.server.history;

import dev.ballast.balancer.Priors;
import dev.ballast.dispatch.JobView;
import dev.ballast.server.desk.Desk;
import dev.ballast.store.FileForm;
import dev.ballast.store.History;
import dev.ballast.store.ResultFilter;
import dev.ballast.store.View;
import dev.ballast.store.affinity.Affinity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, and what was learned of it. A stream takes as long as its reader does, and so
 * a virtual thread: slow readers, however many, keep nobody else from an answer.
 */
@Path("/api/v1")
@RunOnVirtualThread
public class HistoryResource {
  private final Desk desk;
  private final HistoryReads reads;

  @Inject
  HistoryResource(Desk desk, HistoryReads reads) {
    this.desk = desk;
    this.reads = reads;
  }

  @GET
  @Path("profiles")
  @Produces({ResultStream.JSON, ResultStream.CSV, ResultStream.PARQUET})
  @Operation(summary = "What was learned of each model on each browser, as JSON, CSV or Parquet")
  @APIResponse(responseCode = "200", description = "In the form that was asked for")
  public Response profiles(@Context HttpHeaders headers) {
    return switch (ResultStream.chosen(
        headers, ResultStream.JSON, ResultStream.CSV, ResultStream.PARQUET)) {
      case ResultStream.CSV -> stream().file(View.PROFILES, FileForm.CSV, ResultFilter.ALL);
      case ResultStream.PARQUET -> stream().file(View.PROFILES, FileForm.PARQUET, ResultFilter.ALL);
      default -> Response.ok(read(History::profiles)).type(ResultStream.JSON).build();
    };
  }

  @GET
  @Path("affinities")
  @Operation(
      summary = "Which browser runs a family, and a model, best, beside the configured priors")
  public List<Affinity> affinities() {
    return read(history -> history.affinities(Priors.DEFAULTS));
  }

  @GET
  @Path("results")
  @Produces({ResultStream.JSON, ResultStream.NDJSON, ResultStream.CSV, ResultStream.PARQUET})
  @Operation(
      summary =
          "Results in the order in which they were accepted, as JSON, NDJSON, CSV or Parquet;"
              + " streamed, however many they are")
  public Response results(
      @QueryParam("namespace") @Nullable String namespace,
      @QueryParam("job") @Nullable String job,
      @QueryParam("since") @Nullable String since,
      @Context HttpHeaders headers) {
    return answer(filter(namespace, job, since), headers);
  }

  @GET
  @Path("namespaces/{namespace}/results")
  @Produces({ResultStream.JSON, ResultStream.NDJSON, ResultStream.CSV, ResultStream.PARQUET})
  @Operation(summary = "The results of a namespace")
  @APIResponse(responseCode = "200", description = "In the form that was asked for")
  public Response ofNamespace(
      String namespace,
      @QueryParam("job") @Nullable String job,
      @QueryParam("since") @Nullable String since,
      @Context HttpHeaders headers) {
    return answer(filter(namespace, job, since), headers);
  }

  @GET
  @Path("backup")
  @Produces("application/octet-stream")
  @Operation(summary = "Journal and history as they are now, as a DuckDB file: a backup")
  public Response backup() {
    return stream().backup();
  }

  public Response answer(ResultFilter filter, HttpHeaders headers) {
    filter.job().ifPresent(job -> known(filter.namespace().orElse(null), job));
    return stream().results(filter, headers);
  }

  /** A job that was never submitted is a mistake; one that has no results yet is not. */
  private void known(@Nullable String namespace, String job) {
    ResultFilter all = ResultFilter.ALL.ofJob(job);
    boolean submitted =
        desk.now().dispatch().jobs().stream()
            .filter(view -> namespace == null || view.spec().namespace().equals(namespace))
            .anyMatch(view -> named(view, job));
    if (!submitted
        && !desk.now().history().holds(namespace == null ? all : all.inNamespace(namespace))) {
      throw new NotFoundException("no job \"%s\" was ever run here".formatted(job));
    }
  }

  private static boolean named(JobView view, String job) {
    return view.spec().name().equals(job) || view.uid().equals(job);
  }

  /** What the history says, when few others ask. */
  public <T> T read(Function<History, T> query) {
    return reads.read(() -> query.apply(desk.now().history()));
  }

  private ResultStream stream() {
    return new ResultStream(desk.now().history(), reads);
  }

  public static ResultFilter filter(
      @Nullable String namespace, @Nullable String job, @Nullable String since) {
    ResultFilter filter = ResultFilter.ALL;
    if (namespace != null) {
      filter = filter.inNamespace(printable("namespace", namespace));
    }
    if (job != null) {
      filter = filter.ofJob(printable("job", job));
    }
    return since == null ? filter : filter.since(instant(since));
  }

  /** A query of the database ends at a zero character. */
  private static String printable(String name, String text) {
    if (text.indexOf(0) >= 0) {
      throw new BadRequestException(name + " must not hold the character U+0000");
    }
    return text;
  }

  private static Instant instant(String since) {
    try {
      return Instant.parse(since);
    } catch (DateTimeParseException e) {
      throw new BadRequestException(
          "since (%s) is not a time. Maybe 2026-01-31T12:00:00Z?".formatted(since));
    }
  }
}
