package dev.ballast.cli;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import dev.ballast.TestingPatience;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.dispatch.TestingWorker;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.door.Door;
import dev.ballast.server.door.JoinTokens;
import dev.ballast.server.metrics.TestingScrape;
import dev.ballast.store.BallastJson;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is answered: locally this machine, elsewhere whoever shows a token. */
@QuarkusTest
class DoorApiTest {
  private static final List<String> EVERYTHING =
      List.of(
          "/",
          "/console/main.js",
          "/q/openapi",
          "/api/v1/jobs",
          "/api/v1/pools",
          "/api/v1/namespaces/default/jobs",
          "/api/v1/namespaces/default/pools",
          "/api/v1/namespaces/default/events",
          "/api/v1/workers",
          "/api/v1/profiles",
          "/api/v1/affinities",
          "/api/v1/results",
          "/api/v1/events",
          "/q/metrics",
          "/nowhere");

  @Inject Desk desk;
  @Inject Door door;

  @TempDir Path data;

  private ControllerService controller;
  private final TestingLog log = TestingLog.of("dev.ballast.server.door.DoorFilter");

  @BeforeEach
  void open() {
    controller = ControllerService.open(data, TestingPatience.SILENCE_ALLOWED, 1);
    desk.open(controller.desk());
  }

  @AfterEach
  void close() {
    log.close();
    door.dismiss();
    desk.close();
    controller.close();
  }

  private static RequestSpecification with(String token) {
    return given().header("Authorization", "Bearer " + token);
  }

  private static void isRefused(ValidatableResponse response, int status, String code) {
    response
        .statusCode(status)
        .contentType("application/problem+json")
        .body("type", equalTo("https://ballast.dev/problems/" + code));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:7878",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "evil.example@127.0.0.1",
        "[::2]",
        "0.0.0.0",
        "10.0.0.1:7878",
        "127.0.0.2",
        "localhost:"
      })
  void locallyOtherNamesThanThisMachinesAreRefused(String host) {
    for (String path : EVERYTHING) {
      // The HTTP server itself takes no name with an @.
      given().header("Host", host).get(path).then().statusCode(host.contains("@") ? 400 : 403);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "LOCALHOST:1", "[::1]:7878"})
  void locallyTheNamesOfThisMachineAreAnswered(String host) {
    given().header("Host", host).get("/api/v1/workers").then().statusCode(200);
  }

  @Test
  void aRequestThatNamesNoHostIsRefused() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket
          .getOutputStream()
          .write("GET /api/v1/workers HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      assertThat(answer).contains(" 403 ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Origin,         http://127.0.0.1:1",
    "Origin,         https://evil.example",
    "Origin,         null",
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site"
  })
  void locallyAnotherPageIsRefused(String header, String value) {
    for (String path : EVERYTHING) {
      isRefused(given().header(header, value).get(path).then(), 403, "foreign-origin");
    }
    isRefused(
        given()
            .header(header, value)
            .contentType("text/plain")
            .body("{}")
            .post("/api/v1/namespaces/default/jobs")
            .then(),
        403,
        "foreign-origin");
  }

  @Test
  void aLinkThatIsFollowedFromAnotherPageOpensTheConsole() {
    given()
        .header("Sec-Fetch-Site", "cross-site")
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-Dest", "document")
        .get("/")
        .then()
        .statusCode(200);
    given()
        .header("Sec-Fetch-Site", "cross-site")
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-Dest", "iframe")
        .get("/")
        .then()
        .statusCode(403);
  }

  @Test
  void behindAGuardNothingButHealthAndMetricsIsOpen() {
    door.post(new TestingGuard());

    for (String path : EVERYTHING.stream().filter(path -> !path.equals("/q/metrics")).toList()) {
      isRefused(given().get(path).then(), 401, "no-token");
      isRefused(with("wrong-token-wrong-token").get(path).then(), 401, "bad-token");
    }
    isRefused(with(TestingGuard.OTHER).get("/api/v1/jobs").then(), 403, "forbidden");
    given().get("/api/v1/jobs").then().header("WWW-Authenticate", startsWith("Bearer"));
    for (String open : List.of("/q/health/live", "/q/metrics", "/console/sign-in.js")) {
      given().get(open).then().statusCode(200);
    }
    isRefused(
        given()
            .contentType(ContentType.JSON)
            .body("{\"model\": \"vad\", \"family\": \"audio\"}")
            .post("/api/v1/score")
            .then(),
        401,
        "no-token");
  }

  @Test
  void behindAGuardWhoShowsATokenIsAnsweredByWhateverHost() {
    door.post(new TestingGuard());

    for (String path : List.of("/", "/console/main.js", "/q/openapi", "/api/v1/jobs")) {
      with(TestingGuard.GOOD).header("Host", "ballast.example").get(path).then().statusCode(200);
    }
    // A body that comes while the guard still thinks.
    with(TestingGuard.GOOD)
        .contentType("text/plain")
        .body(
            """
            apiVersion: ballast.dev/v1alpha1
            kind: TestJob
            metadata: {name: vad, annotations: {note: "%s"}}
            spec: {matrix: {models: [{name: vad, family: audio, source: "builtin:silero-vad"}]}}
            """
                .formatted("x".repeat(200_000)))
        .post("/api/v1/namespaces/default/jobs")
        .then()
        .statusCode(201);
  }

  @Test
  void aBrowserKeepsItsTokenInACookieThatOnlyThisPageUses() {
    door.post(new TestingGuard());

    given()
        .header("Accept", "text/html")
        .get("/")
        .then()
        .statusCode(401)
        .contentType(ContentType.HTML)
        .body(containsString("Sign in"));
    isRefused(with("wrong-token-wrong-token").post("/api/v1/session").then(), 401, "bad-token");
    String cookie =
        with(TestingGuard.GOOD)
            .post("/api/v1/session")
            .then()
            .statusCode(204)
            .header(
                "Set-Cookie", allOf(containsString("HttpOnly"), containsString("SameSite=Strict")))
            .extract()
            .cookie("ballast-token");

    given().cookie("ballast-token", cookie).get("/api/v1/jobs").then().statusCode(200);
    given().cookie("ballast-token", cookie).get("/").then().statusCode(200);
    isRefused(
        given()
            .cookie("ballast-token", cookie)
            .header("Origin", "https://evil.example")
            .delete("/api/v1/namespaces/default/jobs/vad")
            .then(),
        403,
        "foreign-origin");
    isRefused(given().cookie("ballast-token", "x").get("/").then(), 401, "bad-token");
    given()
        .cookie("ballast-token", cookie)
        .delete("/api/v1/session")
        .then()
        .statusCode(204)
        .header("Set-Cookie", containsString("Max-Age=0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1//jobs",
        "/api/v1/namespaces/a/../b/jobs",
        "/api/v1/namespaces/a%2Fb/jobs",
        "/api/v1/namespaces/a/%2e%2e/jobs",
        "/api/v1/workers/x%2Fsync",
        "/api/v1/workers/%2e%2e%2Fx/sync",
        "/q/health/../../api/v1/jobs",
        "/q/metrics;x/../../api/v1/jobs",
        "/api/v1/jobs;x=y",
        "/api/v1\\jobs"
      })
  void behindAGuardPathsThatCanBeReadInTwoWaysAreRefused(String path) throws IOException {
    door.post(new TestingGuard());

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                  .formatted(path)
                  .getBytes(StandardCharsets.US_ASCII));
      String answer =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();
      assertThat(answer).matches(".* (400|401) .*");
    }
  }

  @Test
  void whatIsRefusedIsLoggedAndCountedWithoutTheToken() {
    door.post(new TestingGuard());
    double before = refusals("forbidden");

    with(TestingGuard.OTHER)
        .urlEncodingEnabled(false)
        .get("/api/v1/namespaces/a%0Ab/jobs")
        .then()
        .statusCode(403);
    with("secret-secret-secret").get("/api/v1/jobs").then().statusCode(401);

    assertThat(log.lines())
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("refused 403 forbidden: GET /api/v1/namespaces/a%0Ab/jobs from 127")
                .endsWith("another?may not /api/v1/namespaces/a%0Ab/jobs"))
        .anySatisfy(line -> assertThat(line).startsWith("refused 401 bad-token: GET /api/v1/jobs"))
        .noneSatisfy(line -> assertThat(line).contains("secret"))
        .noneSatisfy(line -> assertThat(line).contains(TestingGuard.OTHER));
    assertThat(refusals("forbidden")).isEqualTo(before + 1);
  }

  private static double refusals(String reason) {
    return new TestingScrape(given().get("/q/metrics").asString())
        .sum("ballast_requests_refused_total", "reason", reason);
  }

  @Test
  void anOutsideWorkerJoinsThePoolOfItsToken() throws IOException {
    JoinTokens tokens = new JoinTokens(data.resolve("join-tokens"), InstantSource.system());
    door.post(new TestingGuard().joinedBy(tokens));
    String token = tokens.make("edge", Instant.now().plusSeconds(600));
    String expired = tokens.make("edge", Instant.now());

    sync("desk@edge", "edge", token).statusCode(200);
    isRefused(sync("desk@chrome", "chrome", token), 403, "not-that-worker");
    isRefused(sync("desk@edge", "chrome", token), 403, "forbidden");
    isRefused(sync("desk@edge", "edge", expired), 401, "expired-token");
    isRefused(with(token).get("/api/v1/jobs").then(), 403, "forbidden");
    assertThat(controller.dispatch().workers())
        .extracting(worker -> worker.id().name())
        .containsExactly("desk@edge");
  }

  /** Or the jobs of a namespace would never run there; and it cannot ask for those of another. */
  @Test
  void anOutsideWorkerIsOfTheNamespaceThatItsTokenIsFor() throws IOException {
    JoinTokens tokens = new JoinTokens(data.resolve("join-tokens"), InstantSource.system());
    door.post(new TestingGuard().joinedBy(tokens));
    String token = tokens.make("team/edge", Instant.now().plusSeconds(600));

    sync(
            "desk@team/edge",
            "team/edge",
            token,
            Map.of(
                "ballast.dev/namespace",
                "prod",
                "ballast.dev/in-cluster",
                "true",
                "hardware",
                "gpu"))
        .statusCode(200);

    assertThat(controller.dispatch().workers().getFirst().request().orElseThrow().poolLabels())
        .containsEntry("ballast.dev/namespace", "team")
        .containsEntry("ballast.dev/pool", "edge")
        .containsEntry("hardware", "gpu")
        .doesNotContainKey("ballast.dev/in-cluster");
  }

  private static ValidatableResponse sync(String id, String pool, String token) throws IOException {
    return sync(id, pool, token, Map.of());
  }

  private static ValidatableResponse sync(
      String id, String pool, String token, Map<String, String> labels) throws IOException {
    TestingWorker worker =
        new TestingWorker(id, pool, labels, BrowserKind.EDGE, 1, List.of(Backend.WASM), true);
    return with(token)
        .contentType(ContentType.JSON)
        .body(BallastJson.mapper().writeValueAsString(worker.request(0)))
        .post("/api/v1/workers/{id}/sync", id)
        .then();
  }

  @Test
  void everyAnswerTellsBrowsersToMakeLittleOfIt() {
    for (String path :
        List.of("/", "/console/main.js", "/api/v1/jobs", "/api/v1/none", "/q/openapi")) {
      given()
          .get(path)
          .then()
          .header(
              "Content-Security-Policy",
              equalTo(
                  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                      + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                      + " frame-ancestors 'none'"))
          .header("X-Content-Type-Options", equalTo("nosniff"))
          .header("X-Frame-Options", equalTo("DENY"))
          .header("Referrer-Policy", equalTo("no-referrer"))
          .header("Cross-Origin-Opener-Policy", equalTo("same-origin"))
          .header("Cross-Origin-Resource-Policy", equalTo("same-origin"))
          .header("Permissions-Policy", containsString("camera=()"));
    }
    given().header("Host", "evil.example").get("/").then().header("X-Frame-Options", "DENY");
  }
}
