package dev.ballast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Locale;

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

  void cancel(String name) {
    client.send("DELETE", JOBS + "/" + name, "application/json", "");
  }
}
