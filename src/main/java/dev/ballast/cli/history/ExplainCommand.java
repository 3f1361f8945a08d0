package dev.ballast.cli.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.balancer.Decision;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.ServerClient;
import dev.ballast.cli.report.JsonReport;
import dev.ballast.model.AttemptResult;
import dev.ballast.server.jobs.DecisionDocument;
import dev.ballast.store.BallastJson;
import dev.ballast.store.ResultFilter;
import dev.ballast.store.ResultsJson;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Why a task ran where it did. */
@Command(
    name = "explain",
    description =
        "Why a task ran where it did, or why it waits: every candidate with its cost in seconds, by"
            + " factor.")
public final class ExplainCommand implements Callable<Integer> {
  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "JOB", description = "Name or uid of the job.")
  String job = "";

  @Parameters(index = "1", paramLabel = "INDEX", description = "Index of the task.")
  int index;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "Namespace of the job (default: ${DEFAULT-VALUE}).")
  String namespace = "default";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Ask this server (default: the one that has the data directory open).")
  @Nullable URI server;

  @Override
  public Integer call() {
    common.output();
    Optional<URI> running =
        Optional.ofNullable(server).or(() -> HistorySource.server(common.dataDirectory()));
    if (running.isPresent()) {
      explain(
          new ServerClient(running.get())
              .get(
                  "/api/v1/namespaces/%s/jobs/%s/tasks/%d/decision"
                      .formatted(namespace, job, index)));
    } else {
      try (FileHistory history = FileHistory.open(common.dataDirectory())) {
        tell(history);
      }
    }
    return Exit.OK;
  }

  private void explain(JsonNode decision) {
    if (common.output == CommonOptions.Output.JSON) {
      System.out.println(decision.toPrettyString());
      return;
    }
    if (decision.path("reason").isObject()) {
      System.out.printf(
          "%s #%d waits: %s, %s%n",
          job,
          index,
          decision.path("reason").path("code").asText(),
          decision.path("reason").path("message").asText());
    } else {
      JsonNode chosen = decision.path("chosen");
      System.out.printf(
          "%s #%d was placed on %s (%s on %s)%n",
          job,
          index,
          chosen.path("worker").asText(),
          chosen.path("browser").asText(),
          chosen.path("backend").asText());
    }
    for (JsonNode candidate : decision.path("candidates")) {
      System.out.printf(
          Locale.ROOT,
          "  %8.3f s  %s, %s%s%n",
          candidate.path("costSeconds").asDouble(),
          candidate.path("worker").asText(),
          candidate.path("backend").asText(),
          candidate.path("free").asBoolean() ? "" : " (no free place)");
      for (Map.Entry<String, JsonNode> factor : candidate.path("factors").properties()) {
        System.out.printf(
            Locale.ROOT, "    %8.3f s  %s%n", factor.getValue().asDouble(), factor.getKey());
      }
    }
  }

  /** From the file: how the attempts ended, and the kept decision about the last of them. */
  private void tell(FileHistory history) {
    List<AttemptResult> results = new ArrayList<>();
    history.results(ResultFilter.ALL.inNamespace(namespace).ofJob(job), results::add);
    Optional<String> newestRun =
        results.stream()
            .max(Comparator.comparing(AttemptResult::startedAt))
            .map(AttemptResult::uid);
    List<AttemptResult> attempts =
        results.stream()
            .filter(result -> result.index() == index)
            .filter(result -> newestRun.filter(result.uid()::equals).isPresent())
            .toList();
    if (attempts.isEmpty()) {
      throw CommandException.usage(
          "no attempt of task %d of job \"%s\" is in the history".formatted(index, job));
    }
    if (common.output == CommonOptions.Output.JSON) {
      System.out.print(JsonReport.render(attempts, ResultsJson::write));
      return;
    }
    for (AttemptResult attempt : attempts) {
      System.out.printf(
          "%s #%d attempt %d ran on %s (%s on %s): %s%n",
          job,
          index,
          attempt.attempt(),
          attempt.worker(),
          attempt.browser() == null ? "no browser" : attempt.browser().kind(),
          attempt.backend().actual() == null
              ? attempt.backend().requested()
              : attempt.backend().actual(),
          attempt.outcome());
    }
    Optional<Decision.Placed> decision = history.decision(attempts.getLast().uid(), index);
    if (decision.isPresent()) {
      explain(BallastJson.mapper().valueToTree(DecisionDocument.of(decision.get())));
    } else {
      System.out.println("  The costs it was chosen by are no longer kept.");
    }
  }
}
