package dev.ballast.cli;

import static dev.ballast.TestingPatience.await;
import static dev.ballast.cli.TestingClusterService.kubectl;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.ballast.cli.load.PlayedKubelet;
import dev.ballast.operator.TestingCluster;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.door.Door;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API over a real API server: its jobs are the TestJobs, written with the right of whoever
 * asks, by a controller that itself may neither make nor change one.
 */
@QuarkusTest
class JobsClusterTest {
  private static final KubernetesClient ADMINISTRATOR = TestingCluster.shared().client();
  private static final String ALL = "get,list,create,patch,delete";

  @Inject Desk desk;
  @Inject Door door;
  @TempDir Path data;

  private TestingClusterService service;
  private String editor;
  private String jobs;

  @BeforeEach
  void open() {
    service = new TestingClusterService(desk, door, data);
    editor = service.account("editor", ALL);
    jobs = "/api/v1/namespaces/%s/jobs".formatted(service.namespace);
  }

  @AfterEach
  void close() {
    ADMINISTRATOR.resources(TestJob.class).inNamespace(service.namespace).delete();
    service.close();
  }

  private static RequestSpecification as(String token) {
    return given().header("Authorization", "Bearer " + token);
  }

  private ValidatableResponse post(String token, String manifest) {
    return as(token).contentType(ContentType.TEXT).body(manifest).post(jobs).then();
  }

  private TestJob resource(String name) {
    return ADMINISTRATOR
        .resources(TestJob.class)
        .inNamespace(service.namespace)
        .withName(name)
        .get();
  }

  @Test
  void whatIsPostedChangedAndDeletedIsATestJob() {
    String uid =
        post(editor, TestingService.manifest("vad", 3))
            .statusCode(201)
            .body("tasks", equalTo(3))
            .extract()
            .path("uid");

    assertThat(resource("vad").getMetadata().getUid()).isEqualTo(uid);
    assertThat(resource("vad").getMetadata().getManagedFields())
        .anyMatch(fields -> fields.getManager().equals("ballast-api"));
    as(editor).get(jobs + "/vad").then().body("uid", equalTo(uid));
    as(editor).get(jobs + "/vad/tasks").then().body("items.size()", equalTo(3));

    as(editor)
        .contentType(ContentType.JSON)
        .body("{\"suspend\": true, \"parallelism\": 2, \"priority\": 7}")
        .patch(jobs + "/vad")
        .then()
        .statusCode(200)
        .body("suspend", equalTo(true));
    assertThat(resource("vad").getSpec().parallelism()).isEqualTo(2);
    as(editor)
        .get(jobs)
        .then()
        .body("priority", equalTo(List.of(7)))
        .body("parallelism", equalTo(List.of(2)))
        .body("state", equalTo(List.of("suspended")));

    as(editor).delete(jobs + "/vad").then().statusCode(200).body("state", equalTo("cancelled"));
    assertThat(resource("vad")).isNull();
    as(editor).get(jobs).then().body("size()", equalTo(0));
    as(editor).get(jobs + "/vad").then().statusCode(404);
    as(editor).get(jobs + "/" + uid).then().statusCode(200).body("state", equalTo("cancelled"));
    as(editor).delete(jobs + "/" + uid).then().statusCode(409);
  }

  @Test
  void whatKubectlDoesIsSeenHere() {
    TestingCluster.shared()
        .kubectlWithInput(
            TestingService.manifest("vad", 2), "create", "-n", service.namespace, "-f", "-");
    await().untilAsserted(() -> as(editor).get(jobs + "/vad").then().statusCode(200));

    kubectl(
        "patch",
        "tj",
        "vad",
        "-n",
        service.namespace,
        "--type=merge",
        "-p",
        "{\"spec\":{\"suspend\":true}}");
    await()
        .untilAsserted(
            () -> as(editor).get(jobs + "/vad").then().body("state", equalTo("suspended")));

    kubectl("delete", "tj", "vad", "-n", service.namespace);
    await().untilAsserted(() -> as(editor).get(jobs + "/vad").then().statusCode(404));
  }

  @Test
  void aRepeatedSubmissionIsOneTestJob() {
    String manifest = TestingService.manifest("vad", 1);
    String first = keyed("k-1", manifest).statusCode(201).extract().path("uid");

    keyed("k-1", manifest).statusCode(201).body("uid", equalTo(first));
    keyed("k-1", TestingService.manifest("other", 1))
        .statusCode(409)
        .body("type", containsString("idempotency-key-reused"));
    keyed("k-2", manifest).statusCode(409).body("type", containsString("job-unfinished"));
    assertThat(
            ADMINISTRATOR.resources(TestJob.class).inNamespace(service.namespace).list().getItems())
        .hasSize(1);
  }

  private ValidatableResponse keyed(String key, String manifest) {
    return as(editor)
        .header("Idempotency-Key", key)
        .contentType(ContentType.TEXT)
        .body(manifest)
        .post(jobs)
        .then();
  }

  @Test
  void theApiServerDecidesWhoMay() {
    String viewer = service.account("viewer", "get,list");
    post(viewer, TestingService.manifest("vad", 1)).statusCode(403);
    assertThat(resource("vad")).isNull();
    post(editor, TestingService.manifest("vad", 1)).statusCode(201);
    as(viewer).get(jobs + "/vad").then().statusCode(200);
    as(viewer).delete(jobs + "/vad").then().statusCode(403);

    // What the guard remembers for some seconds is no right to write.
    post(editor, TestingService.manifest("first", 1)).statusCode(201);
    as(editor).delete(jobs + "/first").then().statusCode(200);
    kubectl("delete", "rolebinding", "editor", "-n", service.namespace);
    await()
        .until(() ->
            TestingCluster.shared()
                .kubectl(
                    "auth",
                    "can-i",
                    "delete",
                    "testjobs.ballast.dev",
                    "-n",
                    service.namespace,
                    "--as=system:serviceaccount:%s:editor".formatted(service.namespace))
                .out()
                .startsWith("no"));
    as(editor)
        .delete(jobs + "/vad")
        .then()
        .statusCode(403)
        .body("detail", containsString("cannot delete resource \"testjobs\""));
    assertThat(resource("vad")).isNotNull();
  }

  @Test
  void aMistakeIsAnsweredWithItsField() {
    post(editor, TestingService.manifest("vad", 1).replace("[wasm]", "[wsam]"))
        .statusCode(400)
        .body("errors.pointer", hasItem("/spec/matrix/backends/0"));
    post(
            editor,
            TestingService.manifest("vad", 1)
                .replace(
                    "name: vad}",
                    "name: vad, ownerReferences: [{apiVersion: v1, kind: Pod, name: x}]}"))
        .statusCode(400)
        .body("type", containsString("invalid-manifest"))
        .body("errors.pointer", hasItem("/metadata/ownerReferences/uid"));
  }

  @Test
  void whoIsNobodyHereIsRefusedAndLoggedWithoutTheToken() throws Exception {
    String stranger = "/api/v1/namespaces/default/jobs";
    String foreign = service.token("editor", "vault");
    String expired = TestingCluster.shared().resigned(editor, Duration.ofMinutes(-2));
    try (TestingLog log = TestingLog.of("dev.ballast.server.door.DoorFilter")) {
      given().get(jobs).then().statusCode(401);
      as(foreign).get(jobs).then().statusCode(401);
      as(expired).get(jobs).then().statusCode(401);
      as(editor).get(stranger).then().statusCode(403);
      as(editor)
          .post("/api/v1/workers/other.%s/sync".formatted(service.namespace))
          .then()
          .statusCode(401);
      as(podless())
          .post("/api/v1/workers/other.%s/sync".formatted(service.namespace))
          .then()
          .statusCode(403);

      assertThat(log.lines())
          .anyMatch(line -> line.startsWith("refused 401 no-token: GET " + jobs))
          .anyMatch(line -> line.startsWith("refused 401 bad-token: GET " + jobs))
          .anyMatch(line -> line.startsWith("refused 403 forbidden: GET " + stranger))
          .anyMatch(line -> line.startsWith("refused 403 not-that-worker: POST "));
      assertThat(log.lines())
          .hasSize(6)
          .allSatisfy(line ->
              assertThat(line).doesNotContain(foreign, expired, editor).doesNotContain("eyJ"));
    }
  }

  private String podless() {
    return service.token("editor", "ballast");
  }

  @Test
  void theCommandLineRunsAJobOfAClusterAndFollowsItToItsEnd() throws Exception {
    URI server = URI.create("http://127.0.0.1:" + RestAssured.port);
    TestingCluster.shared()
        .kubectlWithInput(
            """
            apiVersion: ballast.dev/v1alpha1
            kind: BrowserPool
            metadata: {name: chrome}
            spec: {browser: chrome, replicas: 1, slots: 2}
            """,
            "create",
            "-n",
            service.namespace,
            "-f",
            "-");
    Path file = data.resolve("job.yaml");
    Files.writeString(
        file,
        TestingService.manifest("vad", 20)
            .replace(
                "name: vad}\nspec",
                "name: vad, namespace: %s}\nspec".formatted(service.namespace)));
    try (PlayedKubelet kubelet =
        new PlayedKubelet(ADMINISTRATOR, service.namespace, server, _ -> {})) {
      await().until(() -> kubelet.bringUp() == 1);
      for (int run = 1; run <= 2; run++) { // a finished name that is run again is a new run
        Output output = run(file, server);

        assertThat(output.exitCode()).as(output.err()).isZero();
        assertThat(output.err()).contains("20/20");
        assertThat(Files.readString(data.resolve("junit.xml"))).contains("tests=\"20\"");
        await()
            .untilAsserted(
                () -> assertThat(resource("vad").getStatus().completedIndexes()).isEqualTo("0-19"));
      }
    }
    as(editor).get(jobs + "/vad/results").then().body("size()", equalTo(40));
  }

  private record Output(int exitCode, String err) {}

  /** The command as a process, with the editor's token. */
  private Output run(Path file, URI server) throws Exception {
    Path err = data.resolve("err");
    ProcessBuilder process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                    .orElse(System.getProperty("java.class.path")),
                "dev.ballast.cli.Main",
                "run",
                file.toString(),
                "--server",
                server.toString(),
                "--report",
                "junit=" + data.resolve("junit.xml"))
            .redirectOutput(data.resolve("out").toFile())
            .redirectError(err.toFile())
            .directory(data.toFile());
    process.environment().put("BALLAST_TOKEN", editor);
    return new Output(process.start().waitFor(), Files.readString(err));
  }
}
