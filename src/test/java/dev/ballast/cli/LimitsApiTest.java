package dev.ballast.cli;

import static dev.ballast.TestingPatience.PATIENCE;
import static dev.ballast.TestingPatience.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.ballast.dispatch.Event;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.events.EventFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to too much: bytes, depth, requests, readers that do not read. */
@QuarkusTest
class LimitsApiTest {
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

  @Test
  void aBodyThatIsTooLargeIsRefusedHoweverItIsSent() throws IOException {
    given()
        .contentType(ContentType.TEXT)
        .body("x".repeat((1 << 20) + 1))
        .post(JOBS)
        .then()
        .statusCode(413)
        .body("type", equalTo("https://ballast.dev/problems/too-large"))
        .body("detail", containsString("1048576 bytes"));
    assertThat(statusOf("Transfer-Encoding: chunked\r\n", chunked(new byte[2 << 20])))
        .contains(" 413 ");
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 100; i++) {
        gzip.write(zeros);
      }
    }
    assertThat(
            statusOf(
                "Content-Encoding: gzip\r\nContent-Length: %d\r\n".formatted(bomb.size()),
                bomb.toByteArray()))
        .as("100 MiB in %d bytes", bomb.size())
        .contains(" 413 ");
  }

  private static byte[] chunked(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < body.length; from += 1 << 16) {
      out.writeBytes("10000\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(body, from, 1 << 16);
      out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private static String statusOf(String headers, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n%s\r\n"
              .formatted(JOBS, headers)
              .getBytes(StandardCharsets.US_ASCII));
      Thread.ofVirtual()
          .start(() -> {
            try {
              out.write(body);
              out.flush();
            } catch (IOException e) {
              // It may be cut off: the answer says why.
            }
          });
      return reader(socket).readLine();
    }
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  @Test
  void aBodyThatIsTooDeepOrUnfoldsIsRefused() {
    String deep = "[".repeat(5000);
    given()
        .contentType(ContentType.JSON)
        .body(deep)
        .patch(JOBS + "/vad")
        .then()
        .statusCode(400)
        .body("type", equalTo("https://ballast.dev/problems/unreadable-body"));
    given().contentType(ContentType.TEXT).body(deep).post(JOBS).then().statusCode(400);
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      laughs.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
    }
    given().contentType(ContentType.TEXT).body(laughs.toString()).post(JOBS).then().statusCode(400);
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeAgain() throws IOException {
    int requests = 40_000; // more than a slow machine answers before the bucket is empty
    int refused = 0;
    String retry = "";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      byte[] request =
          "GET /api/v1/none HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer eager\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII);
      OutputStream out = socket.getOutputStream();
      Thread.ofVirtual()
          .start(() -> {
            try {
              for (int i = 0; i < requests; i++) {
                out.write(request);
              }
              out.flush();
            } catch (IOException e) {
              // The test has seen enough.
            }
          });
      socket.setSoTimeout((int) PATIENCE.toMillis());
      BufferedReader answers = reader(socket);
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        // A body ends without a line end, and the next answer follows it.
        refused += line.contains("HTTP/1.1 429") ? 1 : 0;
        if (line.regionMatches(true, 0, "Retry-After:", 0, 12)) {
          retry = line;
          break;
        }
      }
    }
    assertThat(refused).isEqualTo(1);
    assertThat(retry).matches("(?i)retry-after: [1-9]");
    given().get(JOBS).then().statusCode(200); // another caller is not slowed
  }

  @Test
  void whatIsKnownAlreadyIsNotSentAgain() {
    TestingService.submit(TestingService.manifest("vad", 1)).statusCode(201);
    for (String path : List.of(JOBS, JOBS + "/vad", JOBS + "/vad/tasks", "/api/v1/profiles")) {
      String tag =
          given()
              .get(path)
              .then()
              .statusCode(200)
              .contentType(ContentType.JSON)
              .header("ETag", startsWith("W/\""))
              .extract()
              .header("ETag");
      Response again = given().header("If-None-Match", tag).get(path);
      assertThat(again.statusCode()).as(path).isEqualTo(304);
      assertThat(again.asByteArray()).isEmpty();
      assertThat(again.header("ETag")).isEqualTo(tag);
      given().header("If-None-Match", "W/\"other\"").get(path).then().statusCode(200);
    }
    String before = given().get(JOBS + "/vad").header("ETag");
    given()
        .contentType(ContentType.JSON)
        .body("{\"priority\": 3}")
        .patch(JOBS + "/vad")
        .then()
        .statusCode(200);
    given().header("If-None-Match", before).get(JOBS + "/vad").then().statusCode(200);
  }

  @Test
  void pagesOfJobsNeitherRepeatNorMissOneWhileOthersComeAndGo() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      all.addFirst(
          TestingService.submit(TestingService.manifest("job-" + i, 1)).extract().path("uid"));
    }
    List<String> seen = new ArrayList<>();
    String next = "http://127.0.0.1:" + RestAssured.port + "/api/v1/jobs?limit=2";
    for (int page = 0; !next.isEmpty(); page++) {
      assertThat(page).isLessThan(6);
      Response answer = given().urlEncodingEnabled(false).get(next);
      seen.addAll(answer.path("uid"));
      // New jobs come on top, and one that was seen ends, between any two pages.
      TestingService.submit(TestingService.manifest("late-" + page, 1)).statusCode(201);
      given().delete(JOBS + "/" + seen.getLast()).then().statusCode(200);
      String link = answer.header("Link");
      next = link == null ? "" : link.substring(1, link.indexOf('>'));
    }
    assertThat(seen).isEqualTo(all);
    given().get("/api/v1/jobs").then().body("$", hasSize(14));
    given().get(JOBS + "?continue=x").then().statusCode(400);
  }

  @Test
  void aReaderThatDoesNotReadIsLetGoToldAndComesBackWithoutAGap() throws Exception {
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port));
      slow.getOutputStream()
          .write(
              "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      var events = service.controller().desk().events();
      await().until(events::readers, equalTo(1));
      String padding = "x".repeat(4000);
      int told = 6000;
      for (int i = 0; i < told; i++) {
        events.accept(
            new Event.JobEnded("u", Event.JobEnd.COMPLETE, "Reason", padding + i, Instant.now()));
      }
      BufferedReader reader = reader(slow);
      String id = "";
      boolean overflow = false;
      slow.setSoTimeout((int) PATIENCE.toMillis());
      for (String line = reader.readLine(); line != null && !overflow; line = reader.readLine()) {
        id = line.startsWith("id:") ? line.substring(3).strip() : id;
        overflow = line.matches("event:\\s*overflow");
      }
      assertThat(overflow).isTrue();
      long last = Long.parseLong(id.substring(id.indexOf('-') + 1));
      assertThat(last).as("events that were kept for it").isLessThan(told);
      try (TestingEventReader back = TestingEventReader.open(RestAssured.port, id)) {
        events.accept(
            new Event.JobChanged("u", false, java.util.Optional.empty(), 0, Instant.now()));
        List<String> lines = back.until("job-changed");
        long ended = lines.stream().filter("event:job-ended"::equals).count();
        assertThat(lines).doesNotContain("event:gap");
        assertThat(ended).isEqualTo(told - last);
      }
    }
  }

  @Test
  void manyWhoDoNotReadTheirResultsKeepNobodyWaiting() throws Exception {
    TestingService.submit(TestingService.manifest("vad", 1)).statusCode(201);
    service.work(1);
    service.close();
    manyResults(3_000);
    service = new TestingService(desk, data);
    List<Socket> slow = new ArrayList<>();
    try {
      // More than there are threads for requests that may wait.
      for (int i = 0; i < 250; i++) {
        Socket socket = new Socket();
        slow.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port));
        socket
            .getOutputStream()
            .write(
                "GET /api/v1/results HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
      }
      for (Socket socket : slow) {
        await().until(() -> socket.getInputStream().available() > 0);
      }

      TestingService.submit(TestingService.manifest("other", 1)).statusCode(201);
      given().get(JOBS + "/vad/matrix").then().statusCode(200);
      assertThat(given().accept("text/csv").get("/api/v1/profiles").asString()).contains("vad");
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  /** Copies of the one that is there, more than a socket takes for a reader that does not read. */
  private void manyResults(int count) throws Exception {
    try (var connection =
            DriverManager.getConnection("jdbc:duckdb:" + data.resolve("ballast.duckdb"));
        var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TEMP TABLE seed AS SELECT * FROM attempts;
          DELETE FROM attempts;
          INSERT INTO attempts
            SELECT * REPLACE (row_number() OVER () AS sequence, [0.3 FOR x IN range(500)] AS samples)
            FROM (SELECT seed.* FROM seed, range(%d));
          CHECKPOINT;
          """
              .formatted(count));
    }
  }

  @Test
  void eventsHaveRoomForSoManyReaders() {
    var events = service.controller().desk().events();
    for (int reader = 0; reader < EventFeed.MOST_READERS; reader++) {
      var _ = events.subscribe("", _ -> {});
    }
    given()
        .get("/api/v1/events")
        .then()
        .statusCode(429)
        .header("Retry-After", "30")
        .body("type", endsWith("/too-many-readers"));
  }
}
