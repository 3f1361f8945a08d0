package dev.ballast.cli.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.ServerClient;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Jobs without any work in them, and what the controller says of them. */
final class LoadJobs {
  private static final String JOBS = "/api/v1/namespaces/load/jobs";

  private final ServerClient client;

  LoadJobs(URI server) {
    this.client = new ServerClient(server);
  }

  /** Submits a job; its uid, once it is durable. */
  String submit(String name, int tasks) {
    String manifest =
        """
        apiVersion: ballast.dev/v1alpha1
        kind: TestJob
        metadata: {name: %s, namespace: load}
        spec:
          matrix:
            models: [{name: silero-vad, family: audio, source: "builtin:silero-vad"}]
            backends: [wasm]
            repetitions: %d
        """
            .formatted(name, tasks);
    return client.send("POST", JOBS, "application/yaml", manifest).path("uid").asText();
  }

  /** Submits tasks that a real browser runs in tens of milliseconds, with retries enough. */
  void submitReal(String name, int tasks) {
    String manifest =
        """
        apiVersion: ballast.dev/v1alpha1
        kind: TestJob
        metadata: {name: %s, namespace: load}
        spec:
          matrix:
            models: [{name: silero-vad, family: audio, source: "builtin:silero-vad"}]
            backends: [wasm]
            repetitions: %d
          run: {warmupIterations: 0, minIterations: 5, maxIterations: 10, maxDuration: 1s}
          backoffLimitPerIndex: 4
        """
            .formatted(name, tasks);
    client.send("POST", JOBS, "application/yaml", manifest);
  }

  /** How many tasks of the job have succeeded. */
  int succeeded(String name) {
    return get(name).path("counts").path("succeeded").asInt();
  }

  /** What became of tasks that were accepted. */
  record Kept(int lost, int doubled) {
    static final Kept ALL = new Kept(0, 0);

    Kept and(Kept other) {
      return new Kept(lost + other.lost, doubled + other.doubled);
    }
  }

  /** Counts the successes of a job of so many tasks: each must have one. */
  Kept kept(String name, int tasks) {
    Set<Integer> succeeded = new HashSet<>();
    int doubled = 0;
    for (JsonNode result : results(name)) {
      if (result.path("outcome").asText().equals("succeeded")
          && !succeeded.add(result.path("index").asInt())) {
        doubled++;
      }
    }
    return new Kept(tasks - succeeded.size(), doubled);
  }

  JsonNode get(String name) {
    return client.get(JOBS + "/" + name);
  }

  /** Every result of a job, as an array. */
  JsonNode results(String name) {
    return client.get(JOBS + "/" + name + "/results");
  }

  boolean isOver(String name) {
    String state = get(name).path("state").asText().toLowerCase(Locale.ROOT);
    return state.equals("complete") || state.equals("failed") || state.equals("cancelled");
  }

  /** Waits for the end of the job; throws {@link CommandException} when that takes longer. */
  void awaitOver(String name, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!isOver(name)) {
      if (System.nanoTime() > deadline) {
        throw CommandException.environment("job %s did not end: %s".formatted(name, get(name)));
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  void cancel(String name) {
    client.send("DELETE", JOBS + "/" + name, "application/json", "");
  }
}
