package dev.ballast.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.ServerClient;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Outcome;
import dev.ballast.store.BallastJson;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells of attempts that fail while jobs of a server are followed, from its event stream. Only for
 * people who look on: what the run comes to is read from the results, whatever was missed here.
 */
final class ServerNews implements AutoCloseable {
  private final ServerClient server;
  private final Map<String, JobSpec> jobs;
  private final Consumer<String> tell;
  private volatile boolean closed;

  /**
   * Listens from now on, on threads of its own.
   *
   * @param jobs by uid
   * @param tell is given one line for each failed attempt
   */
  ServerNews(URI address, Map<String, JobSpec> jobs, Consumer<String> tell) {
    this.server = new ServerClient(address);
    this.jobs = Map.copyOf(jobs);
    this.tell = tell;
    ServerRun.namespaces(jobs)
        .forEach(
            namespace -> Thread.ofVirtual().name("ballast-news").start(() -> listen(namespace)));
  }

  private void listen(String namespace) {
    try {
      server.lines(
          "/api/v1/namespaces/%s/events".formatted(namespace), "text/event-stream", this::line);
    } catch (CommandException e) {
      if (!closed) {
        tell.accept("failures are not told any more as they happen: " + e.getMessage());
      }
    }
  }

  private void line(String line) {
    if (line.startsWith("data:{")) {
      try {
        event(BallastJson.mapper().readTree(line.substring("data:".length())));
      } catch (JsonProcessingException e) {
        tell.accept("the server told of something that cannot be read: " + e.getOriginalMessage());
      }
    }
  }

  private void event(JsonNode event) {
    JobSpec job = jobs.get(event.path("uid").asText());
    String outcome = event.path("outcome").asText("");
    if (job == null
        || !event.path("type").asText().equals("attempt-ended")
        || outcome.equals(Outcome.SUCCEEDED.label())) {
      return;
    }
    int index = event.path("index").asInt();
    tell.accept(
        "%s #%d: %s on %s%s%s"
            .formatted(
                job.cell(index).model().name(),
                index,
                outcome,
                event.path("worker").asText(),
                event.path("message").isTextual() ? ", " + event.path("message").asText() : "",
                event.path("again").asBoolean() ? ", tried again" : ""));
  }

  @Override
  public void close() {
    closed = true;
    server.close();
  }
}
