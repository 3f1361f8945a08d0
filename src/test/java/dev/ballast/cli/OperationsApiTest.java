package dev.ballast.cli;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.form.Problem;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation that the API documents: its success, and an error of its own. */
@QuarkusTest
class OperationsApiTest {
  private static final String JOB = "/api/v1/namespaces/{namespace}/jobs/{name}";

  @Inject Desk desk;
  @TempDir Path data;

  private TestingService service;
  private JsonNode api;
  private final Set<String> exercised = new TreeSet<>();

  @BeforeEach
  void open() throws Exception {
    service = new TestingService(desk, data);
    TestingService.submit(TestingService.manifest("vad", 2)).statusCode(201);
    service.work(2);
    api =
        new ObjectMapper()
            .readTree(given().get("/q/openapi?format=json").then().extract().asString());
  }

  @AfterEach
  void close() {
    service.close();
  }

  private static RequestSpecification json(String body) {
    return given().contentType(ContentType.JSON).body(body);
  }

  /** Sends, and holds what comes back against what is documented. */
  private Response answers(
      String method, String path, int status, RequestSpecification request, Object... parameters) {
    Response response = request.request(method, path, parameters);
    assertThat(response.statusCode())
        .as("%s %s: %s", method, path, status >= 400 ? response.asString() : "")
        .isEqualTo(status);
    JsonNode documented =
        api.path("paths")
            .path(path.replaceFirst("\\?.*", ""))
            .path(method.toLowerCase(java.util.Locale.ROOT));
    JsonNode answer = documented.path("responses").path(String.valueOf(status));
    assertThat(answer.isObject()).as("%s %s documents %d", method, path, status).isTrue();
    assertThat(documented.path("summary").asText())
        .as("%s %s has a summary", method, path)
        .isNotBlank();
    hasItsShape(method + " " + path, answer, response);
    if (status >= 400) {
      assertThat(response.contentType()).startsWith(Problem.MEDIA_TYPE);
      assertThat(answer.path("content").path(Problem.MEDIA_TYPE).has("example")).isTrue();
    } else {
      exercised.add(method + " " + path.replaceFirst("\\?.*", ""));
    }
    return response;
  }

  /** What is JSON is what its schema says. */
  private void hasItsShape(String what, JsonNode answer, Response response) {
    String type = response.contentType().replaceFirst(";.*", "");
    JsonNode schema = answer.path("content").path(type).path("schema");
    if (!type.endsWith("json") || schema.isMissingNode()) {
      return;
    }
    ObjectNode whole = schema.deepCopy();
    whole.set("components", api.path("components"));
    assertThat(
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(whole)
                .validate(response.asString(), InputFormat.JSON))
        .as("%s: %s", what, response.asString())
        .isEmpty();
  }

  private void fails(
      String method, String path, int status, RequestSpecification request, Object... parameters) {
    answers(method, path, status, request, parameters);
    exercised.add("error of " + method + " " + path.replaceFirst("\\?.*", ""));
  }

  @Test
  void everyDocumentedOperationSucceedsAndFailsAsDocumented() throws Exception {
    for (String path : List.of("/api/v1/jobs", "/api/v1/namespaces/{namespace}/jobs")) {
      answers("GET", path, 200, given(), args(path, "default"));
      fails("GET", path + "?limit=0", 400, given(), args(path, "default"));
    }
    for (String path :
        List.of(
            "/api/v1/profiles",
            "/api/v1/affinities",
            "/api/v1/pools",
            "/api/v1/forecasts",
            "/api/v1/workers")) {
      answers("GET", path, 200, given());
      fails("GET", path, 406, given().accept("image/png"));
    }
    byte[] backup = answers("GET", "/api/v1/backup", 200, given()).asByteArray();
    // Behind a checksum of 8 bytes every DuckDB file names itself.
    assertThat(new String(backup, 8, 4, StandardCharsets.US_ASCII)).isEqualTo("DUCK");
    fails("GET", "/api/v1/backup", 406, given().accept("image/png"));
    for (String path : List.of("/api/v1/results", "/api/v1/namespaces/{namespace}/results")) {
      answers("GET", path, 200, given(), args(path, "default"));
      fails("GET", path + "?since=yesterday", 400, given(), args(path, "default"));
    }
    String jobs = "/api/v1/namespaces/{namespace}/jobs";
    answers("POST", jobs, 201, json(JOB_JSON), "default");
    fails("POST", jobs, 409, json(JOB_JSON), "default");
    fails("POST", jobs, 400, json("{}"), "default");
    fails("POST", jobs, 415, given().contentType("image/png").body(new byte[] {1}), "default");
    fails("POST", jobs, 413, json("{\"x\": \"" + "y".repeat(1 << 20) + "\"}"), "default");
    answers("GET", JOB, 200, given(), "default", "vad");
    fails("GET", JOB, 404, given(), "default", "none");
    for (String below : List.of("/tasks", "/matrix", "/results")) {
      answers("GET", JOB + below, 200, given(), "default", "vad");
      fails("GET", JOB + below, 404, given(), "default", "none");
    }
    for (String below :
        List.of(
            "/tasks/{index}/attempts", "/tasks/{index}/placements", "/tasks/{index}/decision")) {
      answers("GET", JOB + below, 200, given(), "default", "vad", "0");
      fails("GET", JOB + below, 400, given(), "default", "vad", "x");
    }
    answers("PATCH", JOB, 200, json("{\"suspend\": true}"), "default", "later");
    fails("PATCH", JOB, 400, json("{\"suspended\": true}"), "default", "later");
    answers("DELETE", JOB, 200, given(), "default", "later");
    fails("DELETE", JOB, 409, given(), "default", "later");
    for (String below : List.of("/pools", "/forecasts", "/workers")) {
      String path = "/api/v1/namespaces/{namespace}" + below;
      answers("GET", path, 200, given(), "default");
      fails("GET", path, 406, given().accept("image/png"), "default");
    }
    answers(
        "GET", "/api/v1/namespaces/{namespace}/pools/{name}", 200, given(), "default", "chromium");
    fails("GET", "/api/v1/namespaces/{namespace}/pools/{name}", 404, given(), "default", "none");
    answers("POST", "/api/v1/score", 200, json("{\"model\": \"vad\", \"family\": \"audio\"}"));
    fails("POST", "/api/v1/score", 400, json("{\"model\": \"vad\"}"));
    answers("POST", "/api/v1/workers/{id}/sync", 200, json(service.request()), "w1");
    fails("POST", "/api/v1/workers/{id}/sync", 400, json("{}"), "w1");
    answers("POST", "/api/v1/workers/{id}/drain", 204, given(), "w1");
    fails("POST", "/api/v1/workers/{id}/drain", 404, given(), "none");
    answers("POST", "/api/v1/session", 204, given().header("Authorization", "Bearer x"));
    fails("POST", "/api/v1/session", 400, given());
    answers("DELETE", "/api/v1/session", 204, given());
    fails("DELETE", "/api/v1/session", 403, given().header("Origin", "https://evil.example"));
    for (String path : List.of("/api/v1/events", "/api/v1/namespaces/{namespace}/events")) {
      try (TestingEventReader reader =
          TestingEventReader.open(
              RestAssured.port, path.replace("{namespace}", "default"), "other-1")) {
        assertThat(reader.until("gap")).contains("event:gap");
        exercised.add("GET " + path);
      }
      fails("GET", path, 403, given().header("Host", "evil.example"), args(path, "default"));
    }

    Set<String> documented = new TreeSet<>();
    for (var path : api.path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        if (Set.of("get", "post", "patch", "delete", "put").contains(operation.getKey())) {
          String name = operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
          documented.add(name);
          documented.add("error of " + name);
        }
      }
    }
    assertThat(exercised).isEqualTo(documented);
  }

  @Test
  void whatIsDocumentedHasAShape() {
    List<String> shapeless = new ArrayList<>();
    for (var path : api.path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        for (var answer : operation.getValue().path("responses").properties()) {
          boolean empty = Set.of("204", "304").contains(answer.getKey());
          if (!empty && answer.getValue().path("content").isEmpty()) {
            shapeless.add("%s %s %s".formatted(operation.getKey(), path.getKey(), answer.getKey()));
          }
        }
      }
    }
    assertThat(shapeless).isEmpty();
    assertThat(api.path("components").path("securitySchemes").has("token")).isTrue();
  }

  private static final String JOB_JSON =
      """
      {"apiVersion": "ballast.dev/v1alpha1", "kind": "TestJob", "metadata": {"name": "later"},
       "spec": {"suspend": true,
                "matrix": {"models": [{"name": "vad", "family": "audio", "source": "builtin:silero-vad"}]}}}
      """;

  private static Object[] args(String path, String namespace) {
    return path.contains("{namespace}") ? new Object[] {namespace} : new Object[0];
  }
}
