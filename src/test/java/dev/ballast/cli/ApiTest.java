package dev.ballast.cli;

import static dev.ballast.TestingPatience.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.ballast.cli.command.Exit;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.form.Problem;
import dev.ballast.server.metrics.TestingScrape;
import dev.ballast.store.ResultsJson;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The HTTP face over a real controller, with a worker that speaks the protocol but has no browser.
 */
@QuarkusTest
class ApiTest {
  private static final String JOBS = TestingService.JOBS;

  @Inject Desk desk;

  @TempDir Path data;

  private TestingService service;

  @BeforeEach
  void open() {
    service = new TestingService(desk, data);
  }

  @AfterEach
  void close() {
    service.close();
  }

  private static RequestSpecification yaml() {
    return given()
        .config(
            RestAssuredConfig.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .encodeContentTypeAs("application/yaml", ContentType.TEXT)))
        .contentType("application/yaml");
  }

  private static ValidatableResponse submit(String text) {
    return yaml().body(text).post(JOBS).then();
  }

  private static void isProblem(ValidatableResponse response, int status, String code) {
    response
        .statusCode(status)
        .contentType(Problem.MEDIA_TYPE)
        .body("status", equalTo(status))
        .body("type", equalTo("https://ballast.dev/problems/" + code))
        .body("detail", notNullValue());
  }

  @Test
  void aJobIsSubmittedRunsAndIsComplete() throws IOException {
    submit(TestingService.manifest("vad", 3))
        .statusCode(201)
        .body("name", equalTo("vad"))
        .body("state", equalTo("accepted"))
        .body("tasks", equalTo(3));

    service.work(3);

    given().get(JOBS + "/vad").then().body("state", equalTo("complete"));
    given().get(JOBS).then().body("name", equalTo(List.of("vad")));
    given()
        .get(JOBS + "/vad/results")
        .then()
        .statusCode(200)
        .body("$", hasSize(3))
        .body("outcome", everyItem(equalTo("succeeded")))
        .body("worker", everyItem(equalTo("w1")));
    given().get("/api/v1/workers").then().body("id", equalTo(List.of("w1")));
    given().get("/api/v1/profiles").then().statusCode(200).body("$", hasSize(1));
  }

  @Test
  void resultsComeInTheFormThatIsAskedFor() throws IOException {
    submit(TestingService.manifest("vad", 3)).statusCode(201);
    service.work(3);
    String results = JOBS + "/vad/results";

    String lines = accepting("application/x-ndjson", results).asString();
    assertThat(lines.lines()).hasSize(3).allMatch(line -> line.startsWith("{\"schema\":1,"));
    String csv = accepting("text/csv", results).asString();
    assertThat(csv.lines()).hasSize(4);
    assertThat(csv).startsWith("schema,namespace,job,uid,index,");
    byte[] parquet = accepting("application/vnd.apache.parquet", results).asByteArray();
    assertThat(new String(parquet, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("PAR1");
    assertThat(accepting("text/csv", "/api/v1/profiles").asString().lines()).hasSize(2);
    isProblem(given().header("Accept", "image/png").get(results).then(), 406, "not-acceptable");
  }

  private static ExtractableResponse<?> accepting(String form, String path) {
    return given()
        .header("Accept", form)
        .get(path)
        .then()
        .statusCode(200)
        .contentType(form)
        .extract();
  }

  @Test
  void resultsAreChosenByJobAndTime() throws IOException {
    submit(TestingService.manifest("vad", 2)).statusCode(201);
    service.work(2);
    submit(TestingService.manifest("empty", 1)).statusCode(201);

    given().get("/api/v1/results?job=vad").then().body("$", hasSize(2));
    given().get("/api/v1/namespaces/default/results").then().body("$", hasSize(2));
    given().get("/api/v1/namespaces/other/results").then().body("$", hasSize(0));
    given().get("/api/v1/results?since=2999-01-01T00:00:00Z").then().body("$", hasSize(0));
    given().get(JOBS + "/empty/results").then().statusCode(200).body("$", hasSize(0));
    isProblem(given().get("/api/v1/results?since=yesterday").then(), 400, "bad-request");
    isProblem(given().get("/api/v1/results?job=none").then(), 404, "not-found");
  }

  @Test
  void tasksComeInPagesAndEachCanBeExplained() throws IOException {
    submit(TestingService.manifest("vad", 5)).statusCode(201);
    service.work(5);

    String next =
        given()
            .get(JOBS + "/vad/tasks?state=done&limit=3")
            .then()
            .body("items.index", equalTo(List.of(0, 1, 2)))
            .body("items.model", everyItem(equalTo("vad")))
            .extract()
            .path("next");
    given()
        .get(JOBS + "/vad/tasks?state=done&limit=3&continue=" + next)
        .then()
        .body("items.index", equalTo(List.of(3, 4)))
        .body("next", nullValue());
    given()
        .get(JOBS + "/vad/tasks/0/decision")
        .then()
        .statusCode(200)
        .body("chosen.worker", equalTo("w1"))
        .body("chosen.backend", equalTo("wasm"))
        .body("candidates[0].factors", notNullValue());
  }

  @Test
  void whereATaskWasPlacedAndWhatBecameOfItThereIsTold() throws IOException {
    submit(TestingService.manifest("vad", 1)).statusCode(201);
    service.work(1);
    placed("vad").body("fate", equalTo(List.of("succeeded"))).body("[0].at", notNullValue());

    submit(TestingService.manifest("moves", 1)).statusCode(201);
    service.exchange();
    placed("moves").body("fate", equalTo(List.of("bound"))).body("worker", equalTo(List.of("w1")));
    given().post("/api/v1/workers/w1/drain").then().statusCode(204);
    service.exchange();
    service.exchange();

    placed("moves").body("attempt", equalTo(List.of(1))).body("fate", equalTo(List.of("moved")));
  }

  private static ValidatableResponse placed(String job) {
    return given().get(JOBS + "/" + job + "/tasks/0/placements").then().statusCode(200);
  }

  @Test
  void whatIsNotThereIsAProblemDocument() {
    isProblem(given().get(JOBS + "/none").then(), 404, "no-such-job");
    isProblem(given().get(JOBS + "/none/tasks").then(), 404, "no-such-job");
    isProblem(given().delete(JOBS + "/none").then(), 404, "no-such-job");
    isProblem(given().post("/api/v1/workers/none/drain").then(), 404, "no-such-worker");
  }

  @Test
  void aWrongManifestIsAnsweredWithAPointerToEachMistake() {
    ValidatableResponse response =
        submit(TestingService.manifest("vad", 0).replace("[wasm]", "[wsam]"));

    isProblem(response, 400, "invalid-manifest");
    response
        .body("errors.pointer", hasItem("/spec/matrix/backends/0"))
        .body("errors.pointer", hasItem("/spec/matrix/repetitions"))
        .body("errors.detail", hasItem(containsString("Maybe \"wasm\"?")));
  }

  @Test
  void namesThatNothingCanHaveAreRefused() {
    for (String namespace : List.of("%00", "UPPER", "a.b", "-a", "%F0%9F%92%A9", "a".repeat(64))) {
      isProblem(
          given()
              .urlEncodingEnabled(false)
              .contentType(ContentType.TEXT)
              .body(TestingService.manifest("vad", 1))
              .post(JOBS.replace("default", namespace))
              .then(),
          400,
          "bad-request");
    }
    for (String query : List.of("namespace=%00", "job=%00")) {
      isProblem(
          given().urlEncodingEnabled(false).get("/api/v1/results?" + query).then(),
          400,
          "bad-request");
    }
  }

  @Test
  void anUnfinishedNameIsAConflictAndAFinishedOneANewRun() throws IOException {
    String first = submit(TestingService.manifest("vad", 1)).statusCode(201).extract().path("uid");
    isProblem(submit(TestingService.manifest("vad", 1)), 409, "job-unfinished");

    service.work(1);

    String second = submit(TestingService.manifest("vad", 1)).statusCode(201).extract().path("uid");
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void aSubmissionWithAKeyMayBeRepeated() throws IOException {
    String first =
        submitWithKey("k-1", TestingService.manifest("vad", 1))
            .statusCode(201)
            .extract()
            .path("uid");

    submitWithKey("k-1", TestingService.manifest("vad", 1))
        .statusCode(201)
        .body("uid", equalTo(first));
    service.work(1);
    submitWithKey("k-1", TestingService.manifest("vad", 1))
        .statusCode(201)
        .body("uid", equalTo(first));
    isProblem(
        submitWithKey("k-1", TestingService.manifest("vad", 2)), 409, "idempotency-key-reused");
    isProblem(submitWithKey("a b", TestingService.manifest("vad", 1)), 400, "bad-request");
    given().get(JOBS).then().body("$", hasSize(1));

    service.restart();
    submitWithKey("k-1", TestingService.manifest("vad", 1))
        .statusCode(201)
        .body("uid", equalTo(first));
    submitWithKey("k-2", TestingService.manifest("vad", 1)).statusCode(201);
    given().get(JOBS).then().body("$", hasSize(2));
  }

  private static ValidatableResponse submitWithKey(String key, String text) {
    return yaml().header("Idempotency-Key", key).body(text).post(JOBS).then();
  }

  @Test
  void theMatrixOfAJobAddsUp() throws IOException {
    submit(TestingService.manifest("vad", 5)).statusCode(201);
    service.work(5);
    submit(TestingService.manifest("other", 2).replace("[wasm]", "[webnn]")).statusCode(201);
    service.exchange();

    given()
        .get(JOBS + "/vad/matrix")
        .then()
        .statusCode(200)
        .body("cells", hasSize(1))
        .body("cells[0].browser", equalTo("chromium"))
        .body("cells[0].backend", equalTo("wasm"))
        .body("cells[0].states.succeeded", equalTo(5))
        .body("cells[0].verdicts.trusted", equalTo(5))
        .body("cells[0].millis", hasSize(5))
        .body("reasons", hasSize(0));
    given()
        .get(JOBS + "/other/matrix")
        .then()
        .body("cells[0].states.waiting", equalTo(2))
        .body("cells[0].medianMillis", nullValue())
        .body("reasons[0].code", equalTo("NoBackend"))
        .body("reasons[0].tasks", equalTo(2));
    given()
        .get(JOBS + "/vad/tasks/3/attempts")
        .then()
        .statusCode(200)
        .body("index", equalTo(List.of(3)))
        .body("worker", equalTo(List.of("w1")));
    isProblem(given().get(JOBS + "/vad/tasks/5/attempts").then(), 400, "bad-request");
    isProblem(given().get(JOBS + "/none/matrix").then(), 404, "no-such-job");
  }

  @Test
  void aJobIsChangedAndCancelled() {
    submit(TestingService.manifest("vad", 2)).statusCode(201);

    given()
        .contentType(ContentType.JSON)
        .body("{\"suspend\": true, \"priority\": 7}")
        .patch(JOBS + "/vad")
        .then()
        .statusCode(200)
        .body("suspend", equalTo(true))
        .body("priority", equalTo(7));
    given().delete(JOBS + "/vad").then().statusCode(200);

    isProblem(given().delete(JOBS + "/vad").then(), 409, "job-ended");
  }

  @Test
  void aChangeThatCannotBeIsRefusedWithItsField() {
    submit(TestingService.manifest("vad", 2)).statusCode(201);

    ValidatableResponse wrong = patch("{\"parallelism\": 0, \"priority\": 2000000}");
    isProblem(wrong, 400, "invalid-fields");
    wrong.body("errors.pointer", equalTo(List.of("/parallelism", "/priority")));
    isProblem(patch("{}"), 400, "bad-request");
    ValidatableResponse unknown = patch("{\"suspended\": true}");
    isProblem(unknown, 400, "unreadable-body");
    unknown
        .body("errors[0].pointer", equalTo("/suspended"))
        .body("detail", containsString("Maybe \"suspend\"?"));
    isProblem(patch("{\"parallelism\": \"many\"}"), 400, "unreadable-body");
    given().get(JOBS + "/vad").then().body("suspend", equalTo(false));
  }

  private static ValidatableResponse patch(String body) {
    return given().contentType(ContentType.JSON).body(body).patch(JOBS + "/vad").then();
  }

  @Test
  void numbersThatAreNoneAreAnsweredWith400() {
    submit(TestingService.manifest("vad", 2)).statusCode(201);

    isProblem(given().get(JOBS + "/vad/tasks?limit=abc").then(), 400, "bad-request");
    isProblem(given().get(JOBS + "/vad/tasks?limit=0").then(), 400, "bad-request");
    isProblem(given().get(JOBS + "/vad/tasks?continue=x").then(), 400, "bad-request");
    isProblem(given().get(JOBS + "/vad/tasks?state=wating").then(), 400, "bad-request");
    isProblem(given().get(JOBS + "/vad/tasks/one/decision").then(), 400, "bad-request");
    isProblem(given().get(JOBS + "/vad/tasks/2/decision").then(), 400, "bad-request");
  }

  @Test
  void poolsAreWhatTheirWorkersTell() throws IOException {
    given().get("/api/v1/namespaces/default/pools").then().body("$", hasSize(0));
    service.exchange();

    given()
        .get("/api/v1/namespaces/default/pools")
        .then()
        .body("name", equalTo(List.of("chromium")));
    given()
        .get("/api/v1/namespaces/default/pools/chromium")
        .then()
        .statusCode(200)
        .body("browser", equalTo("chromium"))
        .body("readyReplicas", equalTo(1))
        .body("totalSlots", equalTo(1))
        .body("workers", equalTo(List.of("w1")));
    isProblem(given().get("/api/v1/namespaces/default/pools/none").then(), 404, "not-found");
  }

  @Test
  void whatItCountsIsOnTheMetricsPage() throws IOException {
    double before = metric("ballast_attempts_total", "outcome", "succeeded");
    submit(TestingService.manifest("vad", 3)).statusCode(201);
    service.work(3);

    assertThat(metric("ballast_attempts_total", "outcome", "succeeded")).isEqualTo(before + 3);
    assertThat(metric("ballast_tasks", "state", "succeeded")).isEqualTo(3);
    assertThat(metric("ballast_workers", "pool", "chromium", "state", "ready")).isEqualTo(1);
    assertThat(metric("ballast_dispatch_ready")).isEqualTo(1);
    assertThat(metric("ballast_data_free_bytes")).isPositive();
    assertThat(
            metric(
                "http_server_requests_seconds_count",
                "uri",
                JOBS.replace("default", "{namespace}")))
        .isPositive();
  }

  private static double metric(String name, String... labels) {
    return new TestingScrape(given().get("/q/metrics").asString()).sum(name, labels);
  }

  @Test
  void theBalancerIsAskedWithoutAJob() throws IOException {
    service.exchange();

    score("{\"model\": \"vad\", \"family\": \"audio\"}")
        .statusCode(200)
        .body("chosen.worker", equalTo("w1"))
        .body("candidates[0].factors", notNullValue());
    score("{\"model\": \"vad\", \"family\": \"audio\", \"backend\": \"webgpu\"}")
        .statusCode(200)
        .body("chosen", nullValue())
        .body("reason.unplaceable", equalTo(true));
    isProblem(score("{}"), 400, "bad-request");
    isProblem(score("{\"model\": \"vad\", \"family\": \"adio\"}"), 400, "unreadable-body");
    given().get(JOBS).then().body("$", hasSize(0));
  }

  private static ValidatableResponse score(String body) {
    return given().contentType(ContentType.JSON).body(body).post("/api/v1/score").then();
  }

  @Test
  void eventsComeAsTheyHappenAndGoOnBehindTheLastOneSeen() throws Exception {
    List<String> first = new ArrayList<>();
    try (TestingEventReader reader = TestingEventReader.open(RestAssured.port, "")) {
      submit(TestingService.manifest("vad", 1)).statusCode(201);
      first.addAll(reader.until("job-accepted"));
    }
    service.work(1);

    assertThat(first).contains("event:job-accepted");
    String id = first.stream().filter(line -> line.startsWith("id:")).findFirst().orElseThrow();
    try (TestingEventReader reader =
        TestingEventReader.open(RestAssured.port, id.substring(3).strip())) {
      List<String> missed = reader.until("job-ended");
      assertThat(missed)
          .contains("event:attempt-bound", "event:attempt-ended", "event:job-ended")
          .doesNotContain("event:job-accepted", "event:gap");
    }
    try (TestingEventReader reader = TestingEventReader.open(RestAssured.port, "other-1")) {
      assertThat(reader.until("gap")).contains("event:gap");
    }
  }

  @Test
  void aRunOnAServerIsFollowedToItsEnd() throws Exception {
    Path job = Files.writeString(data.resolve("job.yaml"), TestingService.manifest("remote", 1));
    Path report = data.resolve("report.json");
    Future<Integer> run =
        background(
            "run",
            "--server",
            server(),
            "--repetitions",
            "2",
            "--report",
            "json=" + report,
            job.toString());
    await().until(() -> given().get(JOBS).path("name"), equalTo(List.of("remote")));

    service.work(2);

    assertThat(run.get()).isZero();
    assertThat(ResultsJson.readAll(report)).hasSize(2);
    assertThat(Main.run("history", "--server", server())).isZero();
    assertThat(Main.run("export", "--server", server(), data.resolve("out").toString())).isZero();
    assertThat(data.resolve("out/results.parquet")).isNotEmptyFile();
    assertThat(data.resolve("out/profiles.csv")).isNotEmptyFile();
    assertThat(Main.run("export", "--server", server(), "--job", "none", data.toString()))
        .isEqualTo(Exit.USAGE);
  }

  @Test
  void anUnfinishedRunOnAServerIsRefusedAndFollowedWithResume() throws Exception {
    Path job = Files.writeString(data.resolve("job.yaml"), TestingService.manifest("remote", 1));
    submit(TestingService.manifest("remote", 1)).statusCode(201);

    assertThat(Main.run("run", "--server", server(), job.toString())).isEqualTo(Exit.USAGE);
    Future<Integer> resumed = background("run", "--server", server(), "--resume", job.toString());
    // It has found the job when it listens: a finished one would be run anew.
    await().until(() -> service.controller().desk().events().readers(), equalTo(1));
    service.work(1);

    assertThat(resumed.get()).isZero();
    given().get(JOBS).then().body("$", hasSize(1));
  }

  private static String server() {
    return "http://127.0.0.1:" + RestAssured.port;
  }

  private static Future<Integer> background(String... arguments) {
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> code.complete(Main.run(arguments)));
    return code.orTimeout(60, TimeUnit.SECONDS);
  }

  @Test
  void bodiesThatCannotBeReadAreProblemDocuments() {
    isProblem(sync("{\"worker\": "), 400, "unreadable-body");
    isProblem(sync("[1]"), 400, "unreadable-body");
    isProblem(sync("{}"), 400, "unreadable-body");
    sync("{\"slots\": \"many\"}").body("errors[0].pointer", equalTo("/slots"));
    isProblem(sync(""), 400, "bad-request");
    isProblem(
        given()
            .contentType(ContentType.JSON)
            .body("{\"suspend\": \"perhaps\"}")
            .patch(JOBS + "/vad")
            .then(),
        400,
        "unreadable-body");
    isProblem(
        given().contentType("text/html").body("x").post("/api/v1/workers/w1/sync").then(),
        415,
        "unsupported-media-type");
  }

  private static ValidatableResponse sync(String body) {
    return given().contentType(ContentType.JSON).body(body).post("/api/v1/workers/w1/sync").then();
  }

  @Test
  void aWorkerSpeaksForItselfOnly() throws IOException {
    isProblem(
        given()
            .contentType(ContentType.JSON)
            .body(service.request())
            .post("/api/v1/workers/w2/sync")
            .then(),
        400,
        "bad-request");
  }

  @Test
  void otherHostsAndOriginsAreRefused() {
    isProblem(given().header("Host", "ballast.example").get(JOBS).then(), 403, "foreign-origin");
    isProblem(
        given().header("Origin", "https://ballast.example").get(JOBS).then(),
        403,
        "foreign-origin");
    isProblem(given().header("Origin", "null").get(JOBS).then(), 403, "foreign-origin");
  }

  @Test
  void withoutAControllerTheServiceIsNotReady() {
    desk.close();

    isProblem(given().get(JOBS).then(), 503, "not-ready");
  }
}
