package dev.ballast.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.JobFiles;
import dev.ballast.cli.command.ServerClient;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.JobSpec;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobSpec;
import dev.ballast.server.jobs.JobDocument;
import dev.ballast.store.BallastJson;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Jobs of a server: submitted, looked at, and where their tasks are. */
record ServerJobs(ServerClient server) {
  private static final TypeReference<List<WorkerView>> WORKERS = new TypeReference<>() {};

  /**
   * Submits a job, or with {@code resume} finds the unfinished one of its name; throws {@link
   * CommandException} when there is one without it, or when the server refuses the job.
   */
  JobDocument submit(JobFiles.Job job, JobSpec spec, boolean resume) {
    Optional<JobDocument> unfinished = unfinished(spec);
    if (unfinished.isPresent()) {
      if (resume) {
        return unfinished.get();
      }
      throw CommandException.usage(
          "job \"%s\" is not finished on %s. Follow it with --resume, rename it, or cancel it: %s"
              .formatted(spec.name(), server.server(), cancelling(spec, unfinished.get().uid())));
    }
    return document(
        server.send("POST", jobs(spec), "application/json", manifest(job.resource(), spec)));
  }

  private Optional<JobDocument> unfinished(JobSpec spec) {
    for (JsonNode job : server.get(jobs(spec))) {
      if (job.path("name").asText().equals(spec.name()) && job.path("endedAt").isNull()) {
        return Optional.of(document(job));
      }
    }
    return Optional.empty();
  }

  /** As it stands now. */
  JobDocument look(JobSpec spec, String uid) {
    return document(server.get(jobs(spec) + "/" + uid));
  }

  /** Of these namespaces: nobody needs to be allowed more than to see where their jobs run. */
  List<WorkerView> workers(Collection<String> namespaces) {
    Map<String, WorkerView> workers = new LinkedHashMap<>();
    for (String namespace : namespaces) {
      for (WorkerView worker :
          BallastJson.mapper()
              .convertValue(
                  server.get("/api/v1/namespaces/%s/workers".formatted(namespace)), WORKERS)) {
        workers.put(worker.id().name(), worker);
      }
    }
    return List.copyOf(workers.values());
  }

  /** Tasks that wait for a browser that is not there. */
  List<Unplaced> unplaced(JobSpec spec, String uid) {
    List<Unplaced> unplaced = new ArrayList<>();
    String next = "0";
    do {
      JsonNode page =
          server.get(
              "%s/%s/tasks?state=waiting&limit=1000&continue=%s".formatted(jobs(spec), uid, next));
      for (JsonNode task : page.path("items")) {
        JsonNode reason = task.path("reason");
        if (reason.path("unplaceable").asBoolean()) {
          unplaced.add(
              new Unplaced(
                  spec,
                  task.path("index").asInt(),
                  reason.path("code").asText(),
                  reason.path("message").asText()));
        }
      }
      next = page.path("next").asText("");
    } while (!next.isEmpty() && !next.equals("null"));
    return unplaced;
  }

  /** The command that cancels a job. */
  String cancelling(JobSpec spec, String uid) {
    return "curl -X DELETE %s%s%s/%s"
        .formatted(
            server.showsToken() ? "-H \"Authorization: Bearer $BALLAST_TOKEN\" " : "",
            server.server().toString().replaceAll("/+$", ""),
            jobs(spec),
            uid);
  }

  private static String jobs(JobSpec spec) {
    return "/api/v1/namespaces/%s/jobs".formatted(spec.namespace());
  }

  /** The resource, with the browsers and repetitions that the command line asked for. */
  private static String manifest(TestJob resource, JobSpec spec) {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode tree = mapper.valueToTree(resource);
    TestJobSpec.Matrix matrix = resource.getSpec().matrix();
    TestJobSpec.Matrix asked =
        new TestJobSpec.Matrix(
            matrix == null ? null : matrix.models(),
            matrix == null ? null : matrix.backends(),
            spec.browsers().isEmpty()
                ? null
                : spec.browsers().stream().map(kind -> kind.name()).toList(),
            spec.repetitions());
    ((com.fasterxml.jackson.databind.node.ObjectNode) tree.path("spec"))
        .set("matrix", mapper.valueToTree(asked));
    try {
      return mapper.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JobDocument document(JsonNode node) {
    return BallastJson.mapper().convertValue(node, JobDocument.class);
  }
}
