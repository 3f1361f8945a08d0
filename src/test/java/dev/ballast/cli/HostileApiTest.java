package dev.ballast.cli;

import static dev.ballast.TestingPatience.PATIENCE;
import static dev.ballast.TestingPatience.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.server.desk.Desk;
import dev.ballast.store.BallastJson;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that mean no good: what they get is a refusal, and nobody else notices. */
@QuarkusTest
@TestProfile(HostileApiTest.Impatient.class)
class HostileApiTest {
  private static final String JOBS = TestingService.JOBS;
  private static final String SYNC = "/api/v1/workers/w1/sync";

  /** A body has five seconds. */
  public static class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("ballast.limits.body-time", "5S");
    }
  }

  @Inject Desk desk;
  @TempDir Path data;
  private TestingService service;
  private final TestingLog log = TestingLog.of("io.quarkus.vertx.http.runtime.QuarkusErrorHandler");

  @BeforeEach
  void open() {
    service = new TestingService(desk, data);
  }

  /** After whatever was done to it, it answers others, and found nothing wrong with itself. */
  @AfterEach
  void close() {
    given().get(JOBS).then().statusCode(200);
    service.close();
    log.close();
    assertThat(log.lines()).isEmpty();
  }

  /** All that comes back on a connection of its own until it is closed, or silent for a second. */
  private static String answer(byte[]... parts) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      Thread.ofVirtual().start(() -> send(socket, parts));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] some = new byte[8192];
      try {
        for (int n = socket.getInputStream().read(some);
            n >= 0;
            n = socket.getInputStream().read(some)) {
          all.write(some, 0, n);
          socket.setSoTimeout(1000);
        }
      } catch (SocketTimeoutException e) {
        // It is kept open for the next request.
      }
      return all.toString(StandardCharsets.UTF_8);
    }
  }

  private static Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), RestAssured.port);
  }

  private static void send(Socket socket, byte[]... parts) {
    try {
      for (byte[] part : parts) {
        socket.getOutputStream().write(part);
      }
    } catch (IOException e) {
      // It may be cut off: the answer says why.
    }
  }

  private static byte[] head(String start, String... headers) {
    return (start + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void isProblem(String answer, int status, String code) {
    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("\"type\":\"https://ballast.dev/problems/" + code + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {JOBS, SYNC, "/api/v1/score"})
  void hundredsWhoNeverFinishTheirBodiesKeepNobodyWaiting(String path) throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        Socket socket = connect();
        slow.add(socket);
        send(
            socket,
            head(
                "POST " + path + " HTTP/1.1",
                "Host: 127.0.0.1",
                "Content-Type: application/json",
                "Content-Length: 1000"),
            new byte[] {'{'});
      }
      given().get("/api/v1/workers").then().statusCode(200);
      given().get(JOBS).then().statusCode(200);
      given().get("/q/metrics").then().statusCode(200);
      TestingService.submit(TestingService.manifest("vad", 1)).statusCode(201);

      Socket last = slow.getLast();
      last.setSoTimeout((int) PATIENCE.toMillis());
      byte[] told = last.getInputStream().readAllBytes(); // to the end: it is closed
      isProblem(new String(told, StandardCharsets.UTF_8), 408, "too-slow");
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"gzip, " + JOBS, "deflate, " + JOBS, "gzip, " + SYNC, "deflate, " + SYNC})
  void whatUnfoldsToTooMuchIsRefusedInWords(String coding, String path) throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (DeflaterOutputStream out =
        coding.equals("gzip")
            ? new GZIPOutputStream(bomb)
            : new DeflaterOutputStream(bomb, new Deflater(9))) {
      byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 100; i++) {
        out.write(spaces); // which any JSON may begin with
      }
    }
    String answer =
        answer(
            head(
                "POST " + path + " HTTP/1.1",
                "Host: 127.0.0.1",
                "Content-Type: application/json",
                "Content-Encoding: " + coding,
                "Content-Length: " + bomb.size()),
            bomb.toByteArray());

    isProblem(answer, 413, "too-large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/workers HTTP/1.1|X: y",
        "POST /api/v1/score HTTP/1.1|Content-Length: 0",
        "GET / HTTP/1.1|X: y",
        "GET /api/v1/workers HTTP/1.1|Host: a@127.0.0.1",
        "GET /api/v1/workers HTTP/1.1|Host: <>",
        "GET /api/v1/workers HTTP/1.1|Host: 127.0.0.1|Host: evil.example",
        "POST /api/v1/score HTTP/1.1|Host: 127.0.0.1|Transfer-Encoding: xchunked",
        "POST /api/v1/score HTTP/1.1|Host: 127.0.0.1|Transfer-Encoding: gzip, chunked"
      })
  void whatCanBeReadInTwoWaysOrNotAtAllIsRefusedInWords(String request) throws IOException {
    isProblem(answer(request(request)), 400, "bad-request");
  }

  private static byte[] request(String lines) {
    return (lines.replace("|", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
  }

  /** No request begins behind what is no request: the connection is closed, and one answer came. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4|Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked|Content-Length: 4",
        "Transfer-Encoding: chunked|Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "Content-Length: 4|Content-Length: 5",
        "Content-Length: -1",
        "Content-Length: +4",
        "Content-Length: 4, 4"
      })
  void nothingIsSmuggled(String headers) throws IOException {
    String answer =
        answer(
            request(
                "POST %s HTTP/1.1|Host: 127.0.0.1|Content-Type: application/json|%s"
                    .formatted(JOBS, headers)),
            "0\r\n\r\nGET /api/v1/workers HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));

    assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain(" 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\": \"vad\", \"family\": \"audio\", \"backend\": NaN}",
        "{\"model\": \"vad\", \"family\": 1e999}",
        "{\"model\": \"vad\", \"family\": [[[[]]]]}",
        "{\"model\": \"vad\", \"family\": \"audio\", \"memory\": -1}",
        "{\"model\": 7, \"family\": null}",
        "\"vad\"",
        "null",
        "\u0000"
      })
  void oddQuestionsToTheBalancerAreRefused(String body) {
    given()
        .contentType(ContentType.JSON)
        .body(body)
        .post("/api/v1/score")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slots=-1",
        "slots=0",
        "slots=100000000",
        "slots=2147483648",
        "slots=1e400",
        "slots=\"NaN\"",
        "worker=\"\"",
        "worker=\"w2\"",
        "pool=null",
        "metrics.utilizationRatio=\"NaN\"",
        "metrics.utilizationRatio=93",
        "metrics.memoryBytes=-5",
        "metrics.activeModels=-1",
        "reports=[{}]",
        "reports=[{\"result\": {\"schema\": 1, \"samples\": []}}]",
        "machine=null",
        "browser=null",
        "metrics=null",
        "reports=[null]",
        "capability=null",
        "sequence=\"x\"",
        "waitMillis=-9223372036854775809"
      })
  void aPretendedWorkerThatTalksNonsenseIsRefusedAndChangesNothing(String change)
      throws IOException {
    String field = change.substring(0, change.indexOf('='));
    JsonNode value =
        change.contains("1e400")
            ? null
            : BallastJson.mapper().readTree(change.substring(field.length() + 1));
    ObjectNode request = (ObjectNode) BallastJson.mapper().readTree(service.request());
    if (field.startsWith("metrics.")) {
      ((ObjectNode) request.get("metrics")).set(field.substring("metrics.".length()), value);
    } else {
      request.set(field, value);
    }
    String body = request.toString();
    given()
        .contentType(ContentType.JSON)
        .body(value == null ? body.replace("\"slots\":null", "\"slots\":1e400") : body)
        .post(SYNC)
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
    given().get("/api/v1/workers").then().body("size()", equalTo(0));
  }

  @Test
  void whatIsTooDeepOrTooLongToReadIsRefused() throws IOException {
    for (String path : List.of(SYNC, "/api/v1/score")) {
      given()
          .contentType(ContentType.JSON)
          .body("{\"model\": " + "[".repeat(100_000))
          .post(path)
          .then()
          .statusCode(400)
          .contentType("application/problem+json");
    }
    String headers = answer(head("GET " + JOBS + " HTTP/1.1", "X: " + "a".repeat(100_000)));
    assertThat(headers).startsWith("HTTP/1.1 431 ");
    String address = answer(head("GET /" + "a".repeat(100_000) + " HTTP/1.1"));
    assertThat(address).contains(" 414 ");
    // A length that is too large is refused before anything of it was sent.
    String length =
        answer(
            head(
                "POST " + JOBS + " HTTP/1.1",
                "Host: 127.0.0.1",
                "Content-Length: 9223372036854775807"));
    isProblem(length, 413, "too-large");
    await().until(() -> given().get(JOBS).statusCode() == 200);
  }
}
