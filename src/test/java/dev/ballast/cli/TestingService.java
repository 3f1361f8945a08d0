package dev.ballast.cli;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.TestingPatience;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.dispatch.TestingWorker;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Outcome;
import dev.ballast.model.SyncResponse;
import dev.ballast.server.desk.Desk;
import dev.ballast.store.BallastJson;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A real controller at the desk, with a worker that speaks the protocol but has no browser. */
final class TestingService implements AutoCloseable {
  static final String JOBS = "/api/v1/namespaces/default/jobs";

  private final Desk desk;
  private final Path data;
  private ControllerService controller;
  private final TestingWorker worker =
      new TestingWorker(
          "w1", "chromium", Map.of(), BrowserKind.CHROMIUM, 1, List.of(Backend.WASM), true);

  TestingService(Desk desk, Path data) {
    this.desk = desk;
    this.data = data;
    this.controller = ControllerService.open(data, TestingPatience.SILENCE_ALLOWED, 1);
    desk.open(controller.desk());
  }

  /** The controller ends, and another one opens the same data. */
  void restart() {
    controller.close();
    controller = ControllerService.open(data, TestingPatience.SILENCE_ALLOWED, 1);
    desk.open(controller.desk());
  }

  ControllerService controller() {
    return controller;
  }

  static String manifest(String name, int repetitions) {
    return """
    apiVersion: ballast.dev/v1alpha1
    kind: TestJob
    metadata: {name: %s}
    spec:
      matrix:
        models: [{name: vad, family: audio, source: "builtin:silero-vad"}]
        backends: [wasm]
        repetitions: %d
    """
        .formatted(name, repetitions);
  }

  static ValidatableResponse submit(String manifest) {
    return given().contentType(ContentType.TEXT).body(manifest).post(JOBS).then();
  }

  String request() throws IOException {
    return BallastJson.mapper().writeValueAsString(worker.request(0));
  }

  /** One exchange over HTTP. */
  void exchange() throws IOException {
    String answer =
        given()
            .contentType(ContentType.JSON)
            .body(request())
            .post("/api/v1/workers/w1/sync")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    worker.take(BallastJson.mapper().readValue(answer, SyncResponse.class));
  }

  /** Exchanges until so many tasks have run. */
  void work(int tasks) throws IOException {
    int done = 0;
    for (int round = 0; done < tasks || !worker.unacknowledged().isEmpty(); round++) {
      assertThat(round).as("exchanges for %d tasks", tasks).isLessThan(1000);
      exchange();
      worker.startAll();
      for (var running : worker.running()) {
        worker.finish(running.attempt(), Outcome.SUCCEEDED, Instant.now(), 10);
        done++;
      }
    }
  }

  @Override
  public void close() {
    desk.close();
    controller.close();
  }
}
